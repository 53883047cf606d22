import type { Figure } from "../measure/figure.ts";
import { duration, number, ratioText } from "./number-text.ts";
import type { Failure, Machine } from "./results.ts";

/** The content of the terminal's table. */
export interface TerminalReport {
  machine: Machine;
  quick: boolean;
  figures: readonly Figure[];
  failures: readonly Failure[];
  /** The scenarios that ran, in order. */
  took: readonly { suite: string; scenario: string; seconds: number }[];
  /** Duration of the whole run. */
  seconds: number;
}

/** Returns one block for each figure with one line for each peer, then the times, the goals and the failures. */
export function terminalTable({ machine, quick, figures, failures, took, seconds }: TerminalReport): string {
  const lines = [
    `On ${machine.cores} cores (${machine.cpu}, ${machine.memoryGiB} GiB), Node ${machine.node}, everything on loopback.`,
    quick
      ? "A quick run: small and once, to show that everything works. The figures say little, and goals are not judged."
      : "Each figure is the median of its runs. A ratio below 1 means that Vigía's number is the smaller one.",
  ];
  let last = "";
  const width = Math.max(0, ...figures.map((figure) => againstText(figure).length));
  for (const figure of figures) {
    if (figure.name !== last) lines.push("", `${figure.name} [${figure.unit}]`);
    last = figure.name;
    lines.push(`  ${line(figure, width)}`);
  }
  lines.push("", `Took ${duration(seconds)}:`);
  for (const one of took) lines.push(`  ${one.seconds.toFixed(1).padStart(6)} s  ${one.suite}: ${one.scenario}`);
  const judged = figures.filter((figure) => figure.holds !== null);
  if (judged.length > 0) lines.push("", `${judged.filter((figure) => figure.holds).length} of ${judged.length} goals hold.`);
  for (const missed of judged.filter((figure) => !figure.holds)) {
    const against = missed.peer === null ? "" : `, against ${number(missed.peer)} of ${missed.peerName}`;
    const ratio = missed.ratio === null ? "" : `, ratio ${ratioText(missed.ratio)}`;
    lines.push(`MISSED: ${missed.name}: ${number(missed.ours)} ${missed.unit}${against}${ratio} (goal: ${missed.goal})`);
  }
  for (const { suite, scenario, why } of failures) lines.push(`NOT MEASURED: ${suite}: ${scenario}: ${why}`);
  return `${lines.join("\n")}\n`;
}

function line(figure: Figure, width: number): string {
  const ratio = figure.ratio === null ? "" : ratioText(figure.ratio);
  return `Vigía ${number(figure.ours).padStart(9)}  ${againstText(figure).padEnd(width)}  ${ratio.padEnd(8)} ${verdict(figure)}`.trimEnd();
}

function againstText({ peer, peerName }: Figure): string {
  return peer === null ? "" : `against ${number(peer).padStart(9)}  ${peerName ?? ""}`;
}

function verdict({ goal, holds }: Figure): string {
  if (goal === null) return "";
  return `${holds ? "holds" : "MISSED"} (goal: ${goal})`;
}
