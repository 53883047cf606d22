import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/**
 * Returns the machine's own Node, which people use for the examples: the first on the PATH that is not the project's. Without
 * one, the project's.
 */
export function machineNode(): string {
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => !folder.includes("node_modules"));
  return folders.map((folder) => join(folder, "node")).find(isExecutable) ?? process.execPath;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
