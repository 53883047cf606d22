import { type Issue, MAX_ISSUES } from "../../protocol/updates.ts";

/** Positions of an issue in the text of its turn, as Amazon Transcribe and Contact Lens send them. `end` is exclusive. */
export interface CharacterOffsets {
  begin: number | undefined;
  end: number | undefined;
}

/**
 * Returns where the issues of a turn are in its text. Each place comes once and lies within the text.
 *
 * The guides do not say whether offsets count from zero or one. In their samples the end is always exclusive. The beginning
 * counts from zero in some samples and from one in others. One sample has `7` and `51` for an issue at index 6 of "Well, I would
 * like to cancel my recipe subscription.". So a beginning just behind the first character of a word is moved to that character.
 */
export function issuesIn(text: string, offsets: readonly CharacterOffsets[]): Issue[] {
  const issues = new Map<string, Issue>();
  for (const { begin, end } of offsets) {
    if (!Number.isInteger(begin) || !Number.isInteger(end) || begin === undefined || end === undefined || begin < 0) continue;
    const issue = { begin: isSecondOfWord(text, begin) ? begin - 1 : begin, end: Math.min(end, text.length) };
    if (issue.begin < issue.end && issues.size < MAX_ISSUES) issues.set(`${issue.begin}-${issue.end}`, issue);
  }
  return [...issues.values()];
}

function isSecondOfWord(text: string, begin: number): boolean {
  return /^\S$/.test(text.charAt(begin - 1)) && !/^\S$/.test(text.charAt(begin - 2));
}
