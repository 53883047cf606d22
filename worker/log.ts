/** One JSON line per event. Only ids of instances, counts and stable words: no names, texts, numbers, tickets or secrets. */
export function log(event: string, fields: Readonly<Record<string, string | number>>): void {
  console.log(JSON.stringify({ event, ...fields }));
}
