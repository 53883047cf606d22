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
  const names = [...new Set(figures.map((figure) => figure.name))];
  for (const name of names) {
    const rows = figures.flatMap((figure, index) => (figure.name === name ? [{ figure, detail: details[index] }] : []));
    lines.push("", `### ${name}`, "");
    lines.push(`| Vigía (${rows[0]?.figure.unit}) | against | | ratio | goal |`, "| ---: | ---: | --- | ---: | --- |");
    for (const { figure, detail } of rows) {
      const peer = figure.peer === null ? "" : `${number(figure.peer)}${spread(detail?.peer ?? [])}`;
      const ratio = figure.ratio === null ? "" : ratioText(figure.ratio);
      const ours = `${number(figure.ours)}${spread(detail?.ours ?? [])}`;
      lines.push(`| ${ours} | ${peer} | ${figure.peerName ?? ""} | ${ratio} | ${verdict(figure)} |`);
    }
    lines.push(...notes(rows.map(({ figure, detail }) => ({ peer: figure.peerName, note: detail?.note ?? "" }))));
  }
  for (const failure of failures) lines.push("", `Not measured: ${failure}`);
  return `${lines.join("\n")}\n`;
}

/** What is the same for all rows is said once, the rest by peer. */
function notes(rows: readonly { peer: string | null; note: string }[]): string[] {
  const said = [...new Set(rows.map((row) => row.note))].filter((note) => note !== "");
  if (said.length <= 1) return said.flatMap((note) => ["", note]);
  return ["", ...rows.filter((row) => row.note !== "").map(({ peer, note }) => `- ${peer}: ${note}`)];
}

function spread(runs: readonly number[]): string {
  return runs.length < 2 ? "" : ` [${number(percentile(runs, 0))}–${number(percentile(runs, 1))}]`;
}
