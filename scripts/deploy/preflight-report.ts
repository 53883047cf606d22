/** The finding of one check. `unknown` = this machine cannot check it, which does not stop a deployment. */
export type Finding = { state: "ok" | "unknown"; what: string } | { state: "attention" | "missing"; what: string; fix: string };

export const ok = (what: string): Finding => ({ state: "ok", what });
export const unknown = (what: string): Finding => ({ state: "unknown", what });
/** Reports a fact to know before a deployment. */
export const attention = (what: string, fix: string): Finding => ({ state: "attention", what, fix });
/** Reports a problem that makes the deployment fail or leaves the board empty. */
export const missing = (what: string, fix: string): Finding => ({ state: "missing", what, fix });

const MARKS = { ok: "✓", unknown: "–", attention: "!", missing: "✗" };

/** Returns one line for each finding, with its fix below it, and a last line that says whether anything is missing. */
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
