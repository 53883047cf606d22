import type { Verdict } from "./judge.ts";
import type { Mutant } from "./mutators.ts";

export interface Judged {
  mutant: Mutant;
  verdict: Verdict;
}

/** `core/board/board.ts:61:5  a < b -> a <= b`, on one line. */
export function lineOfMutant({ path, position, before, after }: Mutant): string {
  return `${path}:${position}  ${short(before)} -> ${short(after)}`;
}

const WIDTH = 60;

function short(text: string): string {
  const line = text.replaceAll(/\s+/g, " ");
  return line.length > WIDTH ? `${line.slice(0, WIDTH - 1)}…` : line;
}

/** The share of faults that the tests saw, in percent; 100 when there was none to see. */
export function percentKilled(judged: readonly Judged[]): number {
  const valid = judged.filter(({ verdict }) => verdict !== "rejected");
  const killed = valid.filter(({ verdict }) => verdict !== "survived");
  return valid.length === 0 ? 100 : (100 * killed.length) / valid.length;
}

/** One row for each folder and one for all; faults that do not compile are counted apart. */
export function tableOf(judged: readonly Judged[]): string {
  const folders = [...new Set(judged.map(({ mutant }) => folderOf(mutant.path)))].sort();
  const rows = [
    ...folders.map((folder) =>
      rowOf(
        folder,
        judged.filter(({ mutant }) => folderOf(mutant.path) === folder),
      ),
    ),
    rowOf("all", judged),
  ];
  const head = ["folder", "faults", "killed", "timeout", "survived", "percent", "not compiled"];
  const widths = head.map((title, column) => Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0), title.length));
  return [head, ...rows]
    .map((row) =>
      row
        .map((cell, column) => pad(cell, widths[column] ?? 0, column))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** `core/board`, `aws-ingest/call`; `protocol` for a file that lies in no folder below it. */
function folderOf(path: string): string {
  return path.split("/").slice(0, -1).slice(0, 2).join("/");
}

function rowOf(folder: string, judged: readonly Judged[]): string[] {
  const count = (wanted: Verdict) => judged.filter(({ verdict }) => verdict === wanted).length;
  const valid = judged.length - count("rejected");
  return [
    folder,
    String(valid),
    String(count("killed")),
    String(count("timeout")),
    String(count("survived")),
    valid === 0 ? "-" : `${percentKilled(judged).toFixed(1)} %`,
    String(count("rejected")),
  ];
}

function pad(cell: string, width: number, column: number): string {
  return column === 0 ? cell.padEnd(width) : cell.padStart(width);
}
