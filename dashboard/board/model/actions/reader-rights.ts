import type { ActionName } from "../../../../protocol/actions.ts";
import { list, member, text, wordOf } from "../../../client/guards.ts";

/** What this reader may do, as the hub tells it. It only decides what the board offers: the hub checks each request by itself. */
export interface ReaderRights {
  readonly roles: readonly string[];
  readonly actions: ReadonlySet<ActionName>;
  /** The time zone of the contact center (an IANA name); null = unknown. */
  readonly timeZone: string | null;
}

/** What is absent grants nothing. */
export const NO_RIGHTS: ReaderRights = { roles: [], actions: new Set(), timeZone: null };

const isAction = wordOf<ActionName>({ status: 1, free: 1, listen: 1, barge: 1, stop: 1 });
const isWords = list(text);

/**
 * Reads the answer of `GET …/me`; null = it is none. An action that this page does not know is left out. The first view needs
 * this, so it does without valibot (2.9 KiB gzip).
 */
export function readRights(body: unknown): ReaderRights | null {
  if (typeof body !== "object" || body === null) return null;
  const wordsOf = (name: string) => {
    const words = member(body, name);
    return isWords(words) ? words : [];
  };
  const zone = member(body, "timeZone");
  return {
    roles: wordsOf("roles"),
    actions: new Set(wordsOf("actions").filter(isAction)),
    timeZone: text(zone) && isTimeZone(zone) ? zone : null,
  };
}

/** Whether two answers permit the same. */
export function sameRights(a: ReaderRights, b: ReaderRights): boolean {
  const wordsOf = ({ roles, actions, timeZone }: ReaderRights) => JSON.stringify([roles, [...actions].sort(), timeZone]);
  return wordsOf(a) === wordsOf(b);
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }) !== null;
  } catch {
    return false;
  }
}
