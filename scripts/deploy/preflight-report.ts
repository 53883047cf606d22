/** What one check found. `unknown` = it could not be looked at from here, which stops nothing. */
export type Finding = { state: "ok" | "unknown"; what: string } | { state: "attention" | "missing"; what: string; fix: string };

export const ok = (what: string): Finding => ({ state: "ok", what });
export const unknown = (what: string): Finding => ({ state: "unknown", what });
/** Something to know before deploying. */
export const attention = (what: string, fix: string): Finding => ({ state: "attention", what, fix });
/** Something without which the deployment fails or shows nothing. */
export const missing = (what: string, fix: string): Finding => ({ state: "missing", what, fix });

const MARKS = { ok: "✓", unknown: "–", attention: "!", missing: "✗" };

/** One line per finding, the cure under it, and a last line that says whether to go on. */
export function report(findings: readonly Finding[]): string {
  const lines = findings.flatMap((finding) => {
    const line = `${MARKS[finding.state]} ${finding.what}`;
    return "fix" in finding ? [line, `    ${finding.fix}`] : [line];
  });
  const count = findings.filter(({ state }) => state === "missing").length;
  return [
    ...lines,
    "",
    count === 0 ? "Nothing is missing." : `${count} ${count === 1 ? "thing is" : "things are"} missing.`,
  ].join("\n");
}
