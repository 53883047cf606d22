import type { Turn } from "../protocol/messages.ts";
import type { ContactTurn } from "../protocol/updates.ts";

/** Where turns are kept: not in memory, an hour's call has some 800 of them. */
export interface TurnStore {
  turn(contactId: string, turnId: string): ContactTurn | null;
  saveTurn(turn: ContactTurn): void;
  turns(contactId: string): ContactTurn[];
}

/** Stores a turn unless what is known is as new: a final turn beats any partial one, then the newest wins. */
export function foldTurn(store: TurnStore, turn: ContactTurn): boolean {
  const known = store.turn(turn.contactId, turn.turnId);
  if (known !== null && !isNewer(turn, known)) return false;
  store.saveTurn(turn);
  return true;
}

function isNewer(turn: ContactTurn, than: ContactTurn): boolean {
  if (turn.final !== than.final) return turn.final;
  if (turn.occurredAt !== than.occurredAt) return turn.occurredAt > than.occurredAt;
  return JSON.stringify(turn) > JSON.stringify(than);
}

/** The turn as viewers get it. */
export function toTurn(turn: ContactTurn): Turn {
  const { turnId, role, beginMs, endMs, text, final, sentiment, occurredAt } = turn;
  return { turnId, role, beginMs, endMs, text, final, sentiment, occurredAt };
}

export function inSpokenOrder(turns: ContactTurn[]): Turn[] {
  return turns.sort((a, b) => a.beginMs - b.beginMs || (a.turnId < b.turnId ? -1 : 1)).map(toTurn);
}
