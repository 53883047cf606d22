import { EXAMPLE_FILE, readSettings } from "../../infra/read-settings.ts";
import { type Estimate, estimate, type Usage } from "./cost-formula.ts";
import { engineShares } from "./cost-languages.ts";
import { costWordsInSpanish } from "./cost-words.ts";
import { PRICES } from "./prices.ts";

/** The centers of the page: agents, and viewers with one in twenty. */
const SIZES = [20, 200, 2000] as const;
const VIEWERS_PER_AGENT = 1 / 20;
/** The shares of transcribed calls that the answer compares. */
const SHARES = [
  [1, "every call transcribed"],
  [0.25, "one call in four transcribed"],
  [0, "no transcription"],
] as const;
/** `npm run api` writes between these two comments. A rendered page does not show them. */
const MARKS = /(<!-- cost: begin [^>]*-->\n)[\s\S]*?(\n<!-- cost: end -->)/;

/** The pages with the figures, in English and in Spanish. */
export const COST_PAGES = ["docs/cost.md", "docs/cost.es.md"] as const;

/** Returns the text of a page with the figures of today's formula between its marks. @throws Error when the page has no marks. */
export function withCostFigures(path: (typeof COST_PAGES)[number], page: string): string {
  if (!MARKS.test(page))
    throw new Error(`${path} has no marks. Put "<!-- cost: begin -->" and "<!-- cost: end -->" around the figures.`);
  const words = path === "docs/cost.es.md" ? costWordsInSpanish : (text: string) => text;
  return page.replace(MARKS, (_, begin: string, end: string) => `${begin}\n${answer(words)}\n\n${table(words)}\n${end}`);
}

/** Returns the estimate of a center with the settings of the example, no recordings and one shard. */
export function exampleMonth(agents: number, transcribed: number): Estimate {
  const settings = readSettings(EXAMPLE_FILE, {});
  if (!settings.ok) throw new Error(settings.message);
  const [deployment] = settings.deployments;
  if (deployment === undefined) throw new Error(`${EXAMPLE_FILE} has no instance. Add one.`);
  const engines = engineShares(deployment, undefined);
  if (!engines.ok) throw new Error(engines.message);
  const usage: Usage = {
    agents,
    callsPerHour: 5,
    minutesPerCall: 6,
    hoursPerDay: 8,
    daysPerMonth: 22,
    transcribed,
    viewers: agents * VIEWERS_PER_AGENT,
    recordingDays: 0,
    shards: 1,
    ...engines.shares,
  };
  return estimate(usage, PRICES);
}

function answer(words: (text: string) => string): string {
  const rows = SIZES.map((agents) => {
    const cells = SHARES.map(([share]) => `$${whole(exampleMonth(agents, share).total)}`);
    return `| ${[agents.toLocaleString("en-US"), ...cells].join(" | ")} |`;
  });
  const head = ["agents", ...SHARES.map(([, name]) => name)].map(words);
  return [`| ${head.join(" | ")} |`, "| ---: | ---: | ---: | ---: |", ...rows].join("\n");
}

function table(words: (text: string) => string): string {
  const months = SIZES.map((agents) => exampleMonth(agents, 1));
  const rows = (["aws", "cloudflare"] as const).flatMap((cloud) =>
    (months[0]?.[cloud] ?? []).map(({ what }, index) => {
      const lines = months.map((month) => month[cloud][index]);
      const place = cloud === "aws" ? "AWS" : "Cloudflare";
      const cells = [words(what), words(lines[1]?.basis ?? ""), ...lines.map((line) => line?.dollars.toFixed(2))];
      return `| ${[place, ...cells].join(" | ")} |`;
    }),
  );
  const head = [
    "where",
    "what",
    "counted for 200 agents",
    ...SIZES.map((agents) => `$, ${agents.toLocaleString("en-US")} agents`),
  ];
  const sums = months.map(({ total }) => `**${total.toFixed(2)}**`);
  const calls = words(`${whole(months[1]?.concurrentCalls ?? 0)} calls at a time`);
  return [
    `| ${head.map(words).join(" | ")} |`,
    "| --- | --- | --- | ---: | ---: | ---: |",
    ...rows,
    `| | **${words("together")}** | ${calls} | ${sums.join(" | ")} |`,
  ].join("\n");
}

function whole(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}
