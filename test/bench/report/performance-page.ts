import { readFileSync, writeFileSync } from "node:fs";
import { percentile } from "../measure/statistics.ts";
import type { Results } from "./results.ts";
import { number, ratioText, verdict } from "./table.ts";

const BEGIN = "<!-- figures: begin (written by npm run bench) -->";
const END = "<!-- figures: end -->";

/** Puts the figures between the page's two marks. @throws Error when the page has no marks. */
export function updatePage(file: string, results: Results): void {
  const page = readFileSync(file, "utf8");
  const [from, to] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`${file} has no place for the figures.`);
  writeFileSync(file, `${page.slice(0, from + BEGIN.length)}\n\n${figures(results)}\n${page.slice(to)}`);
}

function figures({ machine, figures, details, failures }: Results): string {
  const lines = [
    `Measured ${machine.measuredAt} UTC on ${machine.cores} cores (${machine.cpu}, ${machine.memoryGiB} GiB, ${machine.system}), Node ${machine.node}.`,
    "Read the ratios; the absolute numbers are this machine's. In brackets: the smallest and the largest of the runs.",
  ];
  let last = "";
  const notes: string[] = [];
  for (const [index, figure] of figures.entries()) {
    if (figure.name !== last) {
      lines.push(...notes.splice(0), "", `### ${figure.name}`, "");
      lines.push(`| Vigía (${figure.unit}) | against | | ratio | goal |`, "| ---: | ---: | --- | ---: | --- |");
    }
    last = figure.name;
    const detail = details[index];
    const peer = figure.peer === null ? "" : `${number(figure.peer)}${spread(detail?.peer ?? [])}`;
    lines.push(
      `| ${number(figure.ours)}${spread(detail?.ours ?? [])} | ${peer} | ${figure.peerName ?? ""} | ${figure.ratio === null ? "" : ratioText(figure.ratio)} | ${verdict(figure)} |`,
    );
    const note = detail?.note ?? "";
    const said = `\n${note}`;
    if (note !== "" && !notes.includes(said)) notes.push(said);
  }
  lines.push(...notes);
  for (const failure of failures) lines.push("", `Not measured: ${failure}`);
  return `${lines.join("\n")}\n`;
}

function spread(runs: readonly number[]): string {
  return runs.length < 2 ? "" : ` [${number(percentile(runs, 0))}–${number(percentile(runs, 1))}]`;
}
