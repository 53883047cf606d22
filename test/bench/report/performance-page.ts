import { type Figure, secondsOf } from "../measure/figure.ts";
import { SUITES, type Suite } from "../options.ts";
import { duration, number, ratioText } from "./number-text.ts";
import type { Failure, Results } from "./results.ts";

const HEADINGS: Readonly<Record<Suite, string>> = {
  hub: "The hub",
  ingest: "The audio path",
  board: "The board in the browser",
};
/** The system's own housekeeping uses so many cores. Up to here the machine counts as idle. */
const QUIET_CORES = 0.1;

/** Returns the figures of the performance page: the goals first, then one table for each suite. */
export function performanceFigures({ machine, figures, failures }: Results): string {
  return [
    `On ${machine.cores} cores (${machine.cpu}, ${machine.memoryGiB} GiB, ${machine.system}), Node ${machine.node}. All of it takes about ${duration(secondsOf(figures))} to measure.`,
    ...goals(figures),
    ...SUITES.flatMap((suite) => group(HEADINGS[suite], figures.filter(inSuite(suite)), failures.filter(inSuite(suite)))),
  ].join("\n");
}

function inSuite(suite: Suite): (one: { suite: string }) => boolean {
  return (one) => one.suite === suite;
}

/** Lists missed goals first, because readers look for them. */
function goals(figures: readonly Figure[]): string[] {
  const judged = figures.filter((figure) => figure.goal !== null);
  const missed = judged.filter((figure) => !figure.holds);
  const row = (figure: Figure) =>
    `| ${named(figure)} | ${number(figure.ours)} | ${peerText(figure, false)} | ${ratio(figure)} | ${goal(figure)} | ${figure.holds ? "holds" : "**missed**"} |`;
  return [
    "",
    `### Goals: ${judged.length - missed.length} of ${judged.length} hold`,
    "",
    "| | Vigía | against | ratio | goal | |",
    "| --- | ---: | --- | ---: | --- | --- |",
    ...[...missed, ...judged.filter((figure) => figure.holds)].map(row),
  ];
}

function group(heading: string, figures: readonly Figure[], failures: readonly Failure[]): string[] {
  if (figures.length === 0 && failures.length === 0) return [];
  const notes = [...new Set(figures.flatMap(({ note }) => (note === "" ? [] : [note])))];
  const rows = figures.map((figure, index) => {
    const [above, below] = [figures[index - 1], figures[index + 1]];
    const alone = above?.name !== figure.name && below?.name !== figure.name;
    // A note that all rows of a figure share stands at the first row.
    const first = above?.name !== figure.name;
    const sameNote = figures.every((other) => other.name !== figure.name || other.note === figure.note);
    const number = notes.indexOf(figure.note) + 1;
    const mark = number === 0 ? "" : ` <sup>${number}</sup>`;
    const name = first ? `${shortened(figure, above)}${alone || sameNote ? mark : ""}` : "";
    const peer = `${peerText(figure, true)}${alone || sameNote ? "" : mark}`;
    return `| ${name} | ${first ? oursText(figure) : ""} | ${peer} | ${ratio(figure)} | ${first ? measured(figure) : ""} |`;
  });
  return [
    "",
    `### ${heading}`,
    "",
    "| | Vigía | against | ratio | measured (UTC) |",
    "| --- | ---: | --- | ---: | --- |",
    ...rows,
    ...(notes.length === 0 ? [] : ["", ...notes.map((note, index) => `${index + 1}. ${sentence(note)}`)]),
    ...failures.flatMap(({ scenario, triedAt, why }) => [
      "",
      `**Not measured** when last tried (${moment(triedAt)}): ${scenario}: ${why} Its figures above, if any, are older.`,
    ]),
  ];
}

function named({ name, unit }: Figure): string {
  return name.toLowerCase().includes(unit.toLowerCase()) ? name : `${name} (${unit})`;
}

/** Shortens the names of figures that share the text before a colon: only the first keeps it. */
function shortened(figure: Figure, above: Figure | undefined): string {
  const head = figure.name.slice(0, figure.name.indexOf(": ") + 1);
  return head !== "" && above?.name.startsWith(head) ? `…${named(figure).slice(head.length)}` : named(figure);
}

function oursText({ ours, spread }: Figure): string {
  return `${number(ours)}${rangeText(spread.ours)}`;
}

function peerText({ peer, peerName, spread }: Figure, whole: boolean): string {
  if (peer === null) return "";
  return `${number(peer)}${whole && spread.peer !== null ? rangeText(spread.peer) : ""} ${peerName ?? ""}`;
}

function rangeText([smallest, largest]: readonly [number, number]): string {
  return smallest === largest ? "" : ` [${number(smallest)}–${number(largest)}]`;
}

function ratio(figure: Figure): string {
  return figure.ratio === null ? "" : ratioText(figure.ratio);
}

function goal(figure: Figure): string {
  return (figure.goal ?? "").replace("<=", "≤").replace(">=", "≥");
}

function measured({ measuredAt, othersCores }: Figure): string {
  const beside =
    othersCores === null ? "" : othersCores < QUIET_CORES ? ", quiet" : `, beside other work on ${number(othersCores)} cores`;
  return `${moment(measuredAt)}${beside}`;
}

function moment(at: string): string {
  return at.replace("T", " ");
}

function sentence(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
