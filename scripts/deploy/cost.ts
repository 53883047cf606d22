import { parseArgs } from "node:util";
import type { Deployment } from "../../infra/settings-file.ts";
import { asTable, estimate, type Usage } from "./cost-formula.ts";
import { PRICE_DATE, PRICES } from "./prices.ts";
import { announce, onlyDeployment, openTarget } from "./target.ts";
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
const USAGE = `npm run cost -- [--config FILE] [--instance NAME] ${NAMES.map((name) => `[--${flagOf(name)} ${DEFAULTS[name]}]`).join(" ")}`;

const target = openTarget(process.argv.slice(2), USAGE);
const given = readArguments(target.given.rest);
const deployment = onlyDeployment(target, USAGE);
announce(target);
const usage = { ...DEFAULTS, ...usageOf(deployment) };
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

/** What the settings already say about the usage. Options of the command win over it. */
function usageOf({ settings: { recording, agentEvents } }: Deployment): Pick<Usage, "recordingDays" | "shards"> {
  return {
    recordingDays: recording.mode === "on" ? recording.retentionDays : 0,
    shards: agentEvents.mode === "managed" ? agentEvents.shards : 0,
  };
}

function readArguments(args: string[]): Record<string, string | boolean | undefined> {
  try {
    const options = Object.fromEntries(NAMES.map((name) => [flagOf(name), { type: "string" as const }]));
    return parseArgs({ args, options }).values;
  } catch (error) {
    return refuseUsage(error instanceof Error ? error.message : "Unknown option.", USAGE);
  }
}
