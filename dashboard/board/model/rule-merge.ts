import type { RuleDraft } from "./rule-draft.ts";

/** Two people's changes of the same rules, together. */
interface MergedRules {
  drafts: RuleDraft[];
  /** Ids of the rules that both have changed. The reader's own change stays in the form. */
  both: string[];
}

/**
 * Puts the reader's changes on top of the rules that somebody else has saved meanwhile.
 * @param base what the reader began with
 */
export function mergedRules(base: readonly RuleDraft[], mine: readonly RuleDraft[], theirs: readonly RuleDraft[]): MergedRules {
  const [before, own, other] = [byId(base), byId(mine), byId(theirs)];
  const both: string[] = [];
  const drafts: RuleDraft[] = [];
  for (const rule of theirs) {
    const mineNow = own.get(rule.id);
    const began = before.get(rule.id);
    const iChanged = !sameDraft(mineNow, began);
    const theyChanged = !sameDraft(rule, began);
    if (iChanged && theyChanged && !sameDraft(mineNow, rule)) both.push(rule.id);
    if (!iChanged) drafts.push(rule);
    else if (mineNow !== undefined) drafts.push(mineNow);
    // A rule that the reader deleted and somebody else changed comes back: nobody's work is lost.
    else if (theyChanged) drafts.push(rule);
  }
  for (const rule of mine) {
    if (other.has(rule.id)) continue;
    const began = before.get(rule.id);
    if (began !== undefined && sameDraft(rule, began)) continue;
    if (began !== undefined) both.push(rule.id);
    drafts.push(rule);
  }
  return { drafts, both };
}

export function sameDraft(a: RuleDraft | undefined, b: RuleDraft | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function byId(drafts: readonly RuleDraft[]): Map<string, RuleDraft> {
  return new Map(drafts.map((draft) => [draft.id, draft]));
}
