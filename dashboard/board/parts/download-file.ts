const TYPES = { csv: "text/csv;charset=utf-8", json: "application/json" } as const;

/** Lets the browser save a file. `name` is without its ending. */
export function downloadFile(name: string, ending: keyof typeof TYPES, content: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content], { type: TYPES[ending] }));
  link.download = `${name}.${ending}`;
  link.click();
  URL.revokeObjectURL(link.href);
}
