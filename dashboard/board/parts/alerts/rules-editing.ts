import { useState } from "react";
import * as v from "valibot";
import { useAgentClient } from "../../../react/provider.tsx";
import { faultOfDrafts, faultOfPath, type RuleDraft, type RuleFault, ruleDraftOf, ruleOf } from "../../model/rule-draft.ts";
import { mergedRules, sameDraft } from "../../model/rule-merge.ts";
import type { RulesAnswer } from "../../model/rules-answer.ts";
import type { CenterRulesReading } from "./center-rules.ts";

const refusalSchema = v.object({ error: v.string(), path: v.optional(v.string(), ""), message: v.optional(v.string(), "") });
const previewSchema = v.object({
  data: v.array(
    v.object({ rule: v.string(), warning: v.number(), critical: v.number(), names: v.fallback(v.array(v.string()), []) }),
  ),
});
/** What one rule would do now. */
export type PreviewedRule = v.InferOutput<typeof previewSchema>["data"][number];

/** What stands in the way of saving, besides a mistake in one rule. */
export type SavingProblem =
  | { kind: "changed_meanwhile"; by: string | null; at: number | null; both: readonly string[] }
  | { kind: "not_allowed" | "no_answer" | "busy" }
  | { kind: "other"; code: string; message: string };

export interface RulesEditing {
  drafts: readonly RuleDraft[];
  fault: RuleFault | null;
  problem: SavingProblem | null;
  preview: ReadonlyMap<string, PreviewedRule> | null;
  waiting: boolean;
  change: (drafts: readonly RuleDraft[]) => void;
  /** Whether all is saved. */
  save: () => Promise<boolean>;
  showPreview: () => void;
}

/** The center's rules while an admin edits them. Nothing that the reader typed is lost when the hub refuses it. */
export function useRulesEditing({ answer, reload }: CenterRulesReading): RulesEditing {
  const client = useAgentClient();
  const [base, setBase] = useState(() => ({ answer, drafts: answer.rules.map(ruleDraftOf) }));
  const [drafts, setDrafts] = useState<readonly RuleDraft[]>(base.drafts);
  const [fault, setFault] = useState<RuleFault | null>(null);
  const [problem, setProblem] = useState<SavingProblem | null>(null);
  const [preview, setPreview] = useState<RulesEditing["preview"]>(null);
  const [waiting, setWaiting] = useState(false);
  if (base.answer !== answer && !waiting) takeOver(answer);

  /** Puts the reader's changes on top of newer rules. */
  function takeOver(next: RulesAnswer): readonly string[] {
    const theirs = next.rules.map(ruleDraftOf);
    const merged = mergedRules(base.drafts, drafts, theirs);
    setBase({ answer: next, drafts: theirs });
    setDrafts(merged.drafts);
    return merged.both;
  }

  async function refused(status: number, body: unknown): Promise<void> {
    const { error, path, message } = v.is(refusalSchema, body)
      ? v.parse(refusalSchema, body)
      : { error: "", path: "", message: "" };
    if (error === "changed_meanwhile") {
      const newer = await reload();
      if (newer === null) return setProblem({ kind: "no_answer" });
      return setProblem({ kind: error, by: newer.changedBy, at: newer.changedAt, both: takeOver(newer) });
    }
    const found = faultOfPath(path, message, drafts);
    if (found !== null) return setFault(found);
    if (status === 0) return setProblem({ kind: "no_answer" });
    if (status === 401 || status === 403) return setProblem({ kind: "not_allowed" });
    if (status === 429) return setProblem({ kind: "busy" });
    setProblem({ kind: "other", code: error || String(status), message });
  }

  /** Sends the rules; null = they are wrong or refused, and the form says why. */
  async function send(method: "PUT" | "POST", resource: string): Promise<unknown> {
    setProblem(null);
    const own = faultOfDrafts(drafts);
    setFault(own);
    if (own !== null) return null;
    setWaiting(true);
    const body = { rules: drafts.map(ruleOf), version: base.answer.version };
    const { status, body: answered } = await client.ask({ method, resource, body });
    if (status !== 200) await refused(status, answered);
    setWaiting(false);
    return status === 200 ? answered : null;
  }

  const isChanged = drafts.length !== base.drafts.length || drafts.some((draft, index) => !sameDraft(draft, base.drafts[index]));
  return {
    drafts,
    fault,
    problem,
    preview,
    waiting,
    change: (next) => {
      setDrafts(next);
      setFault(null);
      setPreview(null);
    },
    save: async () => {
      if (!isChanged) return true;
      const saved = (await send("PUT", "rules")) !== null;
      if (saved) await reload();
      return saved;
    },
    showPreview: async () => {
      const parsed = v.safeParse(previewSchema, await send("POST", "rules/preview"));
      if (parsed.success) setPreview(new Map(parsed.output.data.map((rule) => [rule.rule, rule])));
    },
  };
}
