import { inSpanish } from "./preflight-language.ts";

/** The finding of one check. `unknown` = this machine cannot check it, which does not stop a deployment. */
export type Finding = { state: "ok" | "unknown"; what: string } | { state: "attention" | "missing"; what: string; fix: string };

export const ok = (what: string): Finding => ({ state: "ok", what });
export const unknown = (what: string): Finding => ({ state: "unknown", what });
/** Reports a fact to know before a deployment. */
export const attention = (what: string, fix: string): Finding => ({ state: "attention", what, fix });
/** Reports a problem that makes the deployment fail or leaves the board empty. */
export const missing = (what: string, fix: string): Finding => ({ state: "missing", what, fix });

const MARKS = { ok: "✓", unknown: "–", attention: "!", missing: "✗" };

/**
 * Returns one line for each finding, with its fix below it, and a last line that says whether anything is missing.
 * @param language what `operatorLanguage` says
 */
export function report(findings: readonly Finding[], language: "en" | "es" = "en"): string {
  const translated = language === "es" ? inSpanish : (text: string) => text;
  const lines = findings.flatMap((finding) => {
    const line = `${MARKS[finding.state]} ${translated(finding.what)}`;
    return "fix" in finding ? [line, `    ${translated(finding.fix)}`] : [line];
  });
  const count = findings.filter(({ state }) => state === "missing").length;
  const thing = count === 1 ? "1 thing is missing." : `${count} things are missing.`;
  return [...lines, "", translated(count === 0 ? "Nothing is missing." : thing)].join("\n");
}
