import type { Figure } from "../measure/figure.ts";
import { BROWSER_BYTES, CPU, LAST_VIEWER } from "./headline.ts";
import { number } from "./number-text.ts";

/** The load of the summary: so many updates reach so many viewers each second. */
const [UPDATES_PER_SECOND, VIEWERS] = [500, 1000] as const;
const BOARD = "Board with 2,000 agents and 50 changes/s in Chromium";

/** Returns the table at the top of the performance page. A question whose figure was not measured is left out. */
export function summary(figures: readonly Figure[]): string {
  const of = (name: string, peer = "") =>
    figures.find((figure) => figure.name.startsWith(name) && (peer === "" || figure.peerName?.startsWith(peer)));
  const cpu = of(CPU, "bare");
  const last = of(LAST_VIEWER, "bare");
  const bytes = of(BROWSER_BYTES);
  const single = of("CPU of the server per post of one update");
  const hundred = of("CPU of the server per update, posts of 100");
  const inp = of(`${BOARD}: from a key or click`);
  const rows = of(`${BOARD}: from opening the page`);
  const times = (peer: string) => {
    const ratio = of(CPU, peer)?.ratio;
    return ratio == null ? null : `${ratio.toFixed(2)} times`;
  };
  const answers: readonly (readonly [question: string, answer: string | null | undefined])[] = [
    ["CPU of the hub", cpu && `${number((cpu.ours * UPDATES_PER_SECOND * VIEWERS) / 1e6)} of a core`],
    ["from the post to the last viewer, p99", last && `${number(last.ours)} ms`],
    [
      "what a browser receives",
      bytes && `${number((bytes.ours * UPDATES_PER_SECOND) / 1024)} KiB a second, ${number(bytes.ours)} bytes an update`,
    ],
    ["CPU beside a bare Durable Object that checks and stores nothing", times("bare")],
    ["CPU beside `ws` and SQLite on Node, the same job", times("ws")],
    ["CPU beside Bun and its SQLite, the same job", times("Bun")],
    ["CPU of a post with one update", single && `${number(single.ours)} µs`],
    ["CPU of an update in a post of 100", hundred && `${number(hundred.ours)} µs`],
    ["the board answers a key or a click, p98, at 2,000 agents", inp && `${number(inp.ours)} ms`],
    ["the board shows its first rows, at 2,000 agents", rows && `${number(rows.ours)} ms`],
  ];
  const known = answers.filter(([, answer]) => answer != null);
  if (known.length === 0) return "Nothing has been measured yet.";
  return ["| question | measured |", "| --- | --- |", ...known.map(([question, answer]) => `| ${question} | ${answer} |`)].join(
    "\n",
  );
}
