import { existsSync, readFileSync } from "node:fs";
import { PRICES, type Prices } from "./prices.ts";

export type OwnPrices = { ok: true; prices: Prices; given: ReadonlySet<string> } | { ok: false; message: string };

const NAMES = Object.keys(PRICES).toSorted();

/**
 * Returns the list prices with the deployer's own over them.
 * @param file a JSON file of names and dollars, `{"transcribeMinute": 0.012}`; undefined = none
 * @param flags the values of `--price`, such as `transcribeMinute=0.012`. They win over the file.
 */
export function ownPrices(file: string | undefined, flags: readonly string[]): OwnPrices {
  const pairs: [name: string, value: unknown][] = [];
  if (file !== undefined) {
    const content = readPrices(file);
    if (typeof content === "string") return { ok: false, message: content };
    pairs.push(...Object.entries(content));
  }
  for (const flag of flags) {
    const [, name = flag, value = ""] = /^([^=]*)=(.*)$/s.exec(flag) ?? [];
    pairs.push([name, value.trim() === "" ? Number.NaN : Number(value)]);
  }
  const prices = { ...PRICES };
  for (const [name, value] of pairs) {
    if (!isPrice(name)) return { ok: false, message: `There is no price ${name}. Use one of ${NAMES.join(", ")}.` };
    if (typeof value !== "number" || !Number.isFinite(value) || value < 0)
      return { ok: false, message: `The price ${name} must be dollars of 0 or more, such as ${name}=${PRICES[name]}.` };
    prices[name] = value;
  }
  return { ok: true, prices, given: new Set(pairs.map(([name]) => name)) };
}

/** Returns the content of a file of prices, or a sentence about what is wrong with it. */
function readPrices(file: string): object | string {
  if (!existsSync(file)) return `The file ${file} does not exist. Correct --prices.`;
  try {
    const content: unknown = JSON.parse(readFileSync(file, "utf8").replace(/^\uFEFF/, ""));
    if (typeof content === "object" && content !== null && !Array.isArray(content)) return content;
  } catch {
    // The sentence below is for both faults.
  }
  return `${file} must hold a JSON object of names and dollars, such as {"transcribeMinute": 0.012}.`;
}

function isPrice(name: string): name is keyof Prices {
  return Object.hasOwn(PRICES, name);
}
