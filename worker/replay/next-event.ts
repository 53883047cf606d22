/** Lets posts that have arrived go first. */
export function nextEvent(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
