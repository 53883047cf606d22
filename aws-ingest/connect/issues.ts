import { type Issue, MAX_ISSUES } from "../../protocol/updates.ts";

/** Characters of the text as Amazon Transcribe and Contact Lens give them: the first, and the one behind the last. */
export interface CharacterOffsets {
  begin: number | undefined;
  end: number | undefined;
}

/**
 * Where in a turn's text its issues are told, never outside of it and each place once.
 *
 * The services call their offsets a count of characters and no more. In the samples of the developer guides the end is always
 * the one behind the last character; the beginning counts from zero in some and from one in others (`7` and `51` for what begins
 * at index 6 of "Well, I would like to cancel my recipe subscription."), so a beginning just behind a word's first character
 * means that one.
 */
export function issuesIn(text: string, offsets: readonly CharacterOffsets[]): Issue[] {
  const issues = new Map<string, Issue>();
  for (const { begin, end } of offsets) {
    if (!Number.isInteger(begin) || !Number.isInteger(end) || begin === undefined || end === undefined || begin < 0) continue;
    const issue = { begin: beginsOneLate(text, begin) ? begin - 1 : begin, end: Math.min(end, text.length) };
    if (issue.begin < issue.end && issues.size < MAX_ISSUES) issues.set(`${issue.begin}-${issue.end}`, issue);
  }
  return [...issues.values()];
}

function beginsOneLate(text: string, begin: number): boolean {
  return /^\S$/.test(text.charAt(begin - 1)) && !/^\S$/.test(text.charAt(begin - 2));
}
