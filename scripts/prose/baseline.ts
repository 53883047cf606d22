import * as v from "valibot";
import type { ProseFinding, ProseRule } from "./rules.ts";

/** File -> rule -> how many findings the file may have. A file or a rule that is absent may have none. */
export type ProseBaseline = Readonly<Record<string, Readonly<Partial<Record<ProseRule, number>>>>>;

const RULES = ["long sentence", "hidden subject", "semicolon", "error without a next step", "title without a verb"] as const;
const baselineSchema = v.record(v.string(), v.record(v.picklist(RULES), v.pipe(v.number(), v.integer(), v.minValue(1))));

/** A file with more findings than the baseline allows (`worse`), or with fewer (`better`). */
export interface ProseChange {
  file: string;
  rule: ProseRule;
  allowed: number;
  findings: readonly ProseFinding[];
}

/** Reads the baseline's text. Throws with the place of the fault when it is no baseline. */
export function readBaseline(text: string): ProseBaseline {
  return v.parse(baselineSchema, JSON.parse(text));
}

/** Returns where the texts got worse and where they got better, in the order of the files. */
export function compareWith(
  baseline: ProseBaseline,
  findings: readonly ProseFinding[],
): { worse: ProseChange[]; better: ProseChange[] } {
  const worse: ProseChange[] = [];
  const better: ProseChange[] = [];
  for (const file of [...new Set([...findings.map((one) => one.file), ...Object.keys(baseline)])].sort()) {
    for (const rule of RULES) {
      const ofRule = findings.filter((one) => one.file === file && one.rule === rule);
      const allowed = baseline[file]?.[rule] ?? 0;
      if (ofRule.length > allowed) worse.push({ file, rule, allowed, findings: ofRule });
      if (ofRule.length < allowed) better.push({ file, rule, allowed, findings: ofRule });
    }
  }
  return { worse, better };
}

/** Returns the baseline that these findings need: one number for each file and rule. */
export function baselineOf(findings: readonly ProseFinding[]): ProseBaseline {
  const files = [...new Set(findings.map(({ file }) => file))].sort();
  return Object.fromEntries(
    files.map((file) => {
      const ofFile = findings.filter((one) => one.file === file);
      const counts = RULES.map((rule) => [rule, ofFile.filter((one) => one.rule === rule).length] as const);
      return [file, Object.fromEntries(counts.filter(([, count]) => count > 0))];
    }),
  );
}

/** Returns the baseline with every number that can fall lowered. No number rises. */
export function lowered(baseline: ProseBaseline, findings: readonly ProseFinding[]): ProseBaseline {
  const now = baselineOf(findings);
  const files = Object.entries(baseline).map(([file, rules]) => {
    const counts = RULES.map((rule) => [rule, Math.min(rules[rule] ?? 0, now[file]?.[rule] ?? 0)] as const);
    return [file, Object.fromEntries(counts.filter(([, count]) => count > 0))] as const;
  });
  return Object.fromEntries(files.filter(([, rules]) => Object.keys(rules).length > 0));
}
