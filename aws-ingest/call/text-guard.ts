import type { Update } from "../../protocol/updates.ts";
import type { RecognisedTurn } from "./turn-tracker.ts";

/** Stands for the whole text of a turn that nobody could mask. Transcribe writes masked words in the same form. */
export const WITHHELD_TEXT = "[PII]";

/**
 * Decides what text of a call may leave the function, while the operator wants personal data masked. Only one kind may: the final
 * turn of a session of which the service confirmed that it masks. Everything else becomes {@link WITHHELD_TEXT}.
 */
export function guardedTurn(turn: RecognisedTurn): RecognisedTurn {
  if (turn.text === "" || (turn.final && turn.redacted === true)) return turn;
  return { ...turn, text: WITHHELD_TEXT, issues: [] };
}

/** Whether the text of this turn had to be withheld. Partial turns are never sent, so they do not count. */
export function isWithheld(turn: RecognisedTurn): boolean {
  return turn.final && turn.text !== "" && turn.redacted !== true;
}

/** Leaves out partial turns and their withdrawals: Transcribe masks nothing before a turn is final. */
export function finalTurnsOnly(updates: readonly Update[]): Update[] {
  return updates.filter((update) => update.type !== "contact.turn" || (update.final && update.text !== ""));
}
