import { parseArgs } from "node:util";
import { asTable, estimate, type Usage } from "./cost-formula.ts";
import { PRICE_DATE, PRICES } from "./prices.ts";
import { refuseUsage } from "./tools.ts";

// npm run cost: estimates the cost of a month on both clouds. docs/cost.md explains the formula.
const DEFAULTS: Usage & { transcribePerMinute: number } = {
  agents: 200,
  callsPerHour: 5,
  minutesPerCall: 6,
  hoursPerDay: 8,
  daysPerMonth: 22,
  transcribed: 1,
  viewers: 10,
  recordingDays: 0,
  shards: 1,
  transcribePerMinute: PRICES.transcribeMinute,
};
const NAMES = [
  "agents",
  "callsPerHour",
  "minutesPerCall",
  "hoursPerDay",
  "daysPerMonth",
  "transcribed",
  "viewers",
  "recordingDays",
  "shards",
  "transcribePerMinute",
] as const;
const flagOf = (name: string) => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
const USAGE = `npm run cost -- ${NAMES.map((name) => `[--${flagOf(name)} ${DEFAULTS[name]}]`).join(" ")}`;

const given = readArguments();
const usage = { ...DEFAULTS };
for (const name of NAMES) {
  const text = given[flagOf(name)];
  if (typeof text !== "string") continue;
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value) || value < 0)
    refuseUsage(`--${flagOf(name)} must be a number of 0 or more. It is ${JSON.stringify(text)}.`, USAGE);
  usage[name] = value;
}
if (usage.transcribed > 1) refuseUsage(`--transcribed must be a share from 0 to 1. It is ${usage.transcribed}.`, USAGE);

const { transcribePerMinute, ...counts } = usage;
console.log(asTable(estimate(counts, { ...PRICES, transcribeMinute: transcribePerMinute }), counts.agents));
console.log(
  `\nList prices of ${PRICE_DATE} (us-east-1; Workers Paid plan), no AWS free tier. Check prices before you decide: docs/cost.md`,
);

function readArguments(): Record<string, string | boolean | undefined> {
  try {
    const options = Object.fromEntries(NAMES.map((name) => [flagOf(name), { type: "string" as const }]));
    return parseArgs({ options }).values;
  } catch (error) {
    return refuseUsage(error instanceof Error ? error.message : "Unknown option.", USAGE);
  }
}
