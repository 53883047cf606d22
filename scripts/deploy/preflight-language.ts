import { PREFLIGHT_SPANISH } from "./preflight-spanish.ts";
import { AWS_SPANISH } from "./preflight-spanish-aws.ts";

interface Phrase {
  english: RegExp;
  spanish: string;
  /** How many characters of the English text are no value. The most exact phrase wins. */
  exactness: number;
}

const PHRASES: readonly Phrase[] = [...PREFLIGHT_SPANISH, ...AWS_SPANISH]
  .map(([english, spanish]) => ({ english: patternOf(english), spanish, exactness: english.replaceAll("{}", "").length }))
  .sort((a, b) => b.exactness - a.exactness);

/** Returns a text of preflight in Spanish. A text or a value without a translation stays as it is. */
export function inSpanish(text: string): string {
  for (const { english, spanish } of PHRASES) {
    const found = english.exec(text);
    if (found !== null) return spanish.replaceAll(/\{(\d+)\}/g, (_, index: string) => inSpanish(found[Number(index)] ?? ""));
  }
  return text;
}

/** A value has at least one letter, and is as short as it can be. */
function patternOf(english: string): RegExp {
  const literals = english.split("{}").map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
  return new RegExp(`^${literals.join("(.+?)")}$`, "s");
}
