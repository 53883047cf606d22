/** Lets the browser save a file. `name` ends with `.csv` or `.json`. */
export function downloadFile(name: string, content: string): void {
  const type = name.endsWith(".json") ? "application/json" : "text/csv;charset=utf-8";
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content], { type }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
