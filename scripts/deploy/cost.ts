import { parseArgs } from "node:util";
import { EXAMPLE_FILE, hasSettings } from "../../infra/read-settings.ts";
import type { Deployment } from "../../infra/settings-file.ts";
import { argumentProblem, withJoinedNumbers } from "../../local/start/argument-problem.ts";
import { asTable, estimate, type Usage } from "./cost-formula.ts";
import { engineShares } from "./cost-languages.ts";
import { ownPrices } from "./own-prices.ts";
import { ASSUMED_PRICES, PRICE_DATE, PRICES } from "./prices.ts";
import { announce, onlyDeployment, openTarget } from "./target.ts";
import { refuseUsage } from "./tools.ts";

// npm run cost: estimates the cost of a month on both clouds. docs/cost.md explains the formula.
const DEFAULTS: Omit<Usage, "callAnalytics" | "comprehend"> = {
  agents: 200,
  callsPerHour: 5,
  minutesPerCall: 6,
  hoursPerDay: 8,
  daysPerMonth: 22,
  transcribed: 1,
  viewers: 10,
  recordingDays: 0,
  shards: 1,
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
] as const;
/** No month has more. The others have a limit so that the products stay numbers. */
const MOST: Readonly<Record<string, number>> = { hoursPerDay: 24, daysPerMonth: 31, transcribed: 1 };
const MOST_OF_ANYTHING = 1e9;
const flagOf = (name: string) => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
const USAGE = [
  "npm run cost -- [--config FILE] [--instance NAME]",
  ...NAMES.map((name) => `[--${flagOf(name)} ${DEFAULTS[name]}]`),
  `[--languages es-MX=0.8,en-US=0.2] [--price NAME=DOLLARS]… [--prices FILE] [--transcribe-per-minute ${PRICES.transcribeMinute}]`,
].join(" ");

// People ask for the cost before they have settings. `--config` wins over this.
if (!hasSettings(process.env)) process.env["VIGIA_CONFIG"] = EXAMPLE_FILE;
const target = openTarget(process.argv.slice(2), USAGE);
const given = readArguments(target.given.rest);
const deployment = onlyDeployment(target, USAGE);
announce(target);
const counts = { ...DEFAULTS, ...usageOf(deployment) };
for (const name of NAMES) {
  const text = given.texts[flagOf(name)];
  if (text !== undefined) counts[name] = numberOf(flagOf(name), text, MOST[name]);
}
const engines = engineShares(deployment, given.texts["languages"]);
if (!engines.ok) refuseUsage(engines.message, USAGE);
// The flag of the first release is one price for both engines.
const perMinute = given.texts["transcribe-per-minute"];
const minutePrices =
  perMinute === undefined
    ? []
    : ["transcribeMinute", "callAnalyticsMinute"].map((name) => `${name}=${numberOf("transcribe-per-minute", perMinute)}`);
const own = ownPrices(given.texts["prices"], [...minutePrices, ...given.prices]);
if (!own.ok) refuseUsage(own.message, USAGE);

const usage: Usage = { ...counts, ...engines.shares };
console.log(asTable(estimate(usage, own.prices), usage.agents));
console.log(
  `\nList prices of ${PRICE_DATE} (us-east-1; Workers Paid plan), no AWS free tier. Check prices before you decide: docs/cost.md`,
);
if (usage.callAnalytics > 0 && ASSUMED_PRICES.some((name) => !own.given.has(name))) {
  console.log(
    "The price of Call Analytics is assumed to be the standard one. Look it up, and pass --price callAnalyticsMinute=DOLLARS.",
  );
}

/** What the settings already say about the usage. Options of the command win over it. */
function usageOf({ settings: { recording, agentEvents } }: Deployment): Pick<Usage, "recordingDays" | "shards"> {
  return {
    recordingDays: recording.mode === "on" ? recording.retentionDays : 0,
    shards: agentEvents.mode === "managed" ? agentEvents.shards : 0,
  };
}

function numberOf(flag: string, text: string, most = MOST_OF_ANYTHING): number {
  const value = Number(text);
  if (value > most) return refuseUsage(`--${flag} must be a number from 0 to ${most}. It is ${JSON.stringify(text)}.`, USAGE);
  if (text.trim() !== "" && value >= 0) return value;
  return refuseUsage(`--${flag} must be a number of 0 or more. It is ${JSON.stringify(text)}.`, USAGE);
}

interface CostArguments {
  texts: Readonly<Record<string, string | undefined>>;
  prices: readonly string[];
}

function readArguments(args: string[]): CostArguments {
  const single = [...NAMES.map(flagOf), "languages", "prices", "transcribe-per-minute"];
  const options = Object.fromEntries(single.map((name) => [name, { type: "string" as const }]));
  try {
    const { price, ...texts } = parseArgs({
      args: withJoinedNumbers(args),
      options: { ...options, price: { type: "string", multiple: true } },
    }).values;
    return { texts: Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, String(text)])), prices: price ?? [] };
  } catch (error) {
    return refuseUsage(argumentProblem(error), USAGE);
  }
}
