import type { Figure } from "../measure/figure.ts";
import type { Results } from "./results.ts";

/** The table on the terminal: one block per figure, one line per peer. */
export function terminalTable({ machine, figures, failures }: Results): string {
  const lines = [
    `Measured ${machine.measuredAt} on ${machine.cores} cores (${machine.cpu}), Node ${machine.node}, everything on loopback.`,
    machine.quick
      ? "A quick look: small and once, so goals are not judged. Without --quick each figure is the median of several runs."
      : "Each figure is the median of several runs. A ratio below 1 means that Vigía needs less than the peer.",
  ];
  let last = "";
  for (const figure of figures) {
    if (figure.name !== last) lines.push("", `${figure.name} [${figure.unit}]`);
    last = figure.name;
    lines.push(`  ${line(figure)}`);
  }
  const judged = figures.filter((figure) => figure.holds !== null);
  if (judged.length > 0) {
    lines.push("", `${judged.filter((figure) => figure.holds).length} of ${judged.length} goals hold.`);
  }
  for (const failure of failures) lines.push(`NOT MEASURED: ${failure}`);
  return `${lines.join("\n")}\n`;
}

function line(figure: Figure): string {
  const against = figure.peer === null ? "" : `against ${number(figure.peer).padStart(9)}  ${figure.peerName ?? ""}`;
  const ratio = figure.ratio === null ? "" : ratioText(figure.ratio);
  return `Vigía ${number(figure.ours).padStart(9)}  ${against.padEnd(54)} ${ratio.padEnd(8)} ${verdict(figure)}`.trimEnd();
}

export function verdict({ goal, holds }: Figure): string {
  if (goal === null) return "";
  return `${holds ? "holds" : "MISSED"} (goal: ${goal})`;
}

/** A ratio as one reads it: 1/46 or 1.12. */
export function ratioText(ratio: number): string {
  if (!Number.isFinite(ratio) || ratio === 0) return "-";
  return ratio <= 0.2 ? `1/${Math.round(1 / ratio).toLocaleString("en")}` : ratio.toFixed(2);
}

export function number(value: number): string {
  if (Number.isNaN(value)) return "-";
  if (Math.abs(value) >= 1000) return Math.round(value).toLocaleString("en");
  return Number(value.toPrecision(3)).toString();
}
