import * as v from "valibot";
import { ACTIONS, type ActionName } from "../../../../protocol/actions.ts";

/** What this reader may do, as the hub tells it. It only decides what the board offers: the hub checks each request by itself. */
export interface ReaderRights {
  readonly roles: readonly string[];
  readonly actions: ReadonlySet<ActionName>;
  /** The time zone of the contact center (an IANA name); null = unknown. */
  readonly timeZone: string | null;
}

/** What is absent grants nothing. */
export const NO_RIGHTS: ReaderRights = { roles: [], actions: new Set(), timeZone: null };

const answerSchema = v.object({
  roles: v.fallback(v.array(v.string()), []),
  actions: v.fallback(v.array(v.string()), []),
  timeZone: v.fallback(v.nullable(v.pipe(v.string(), v.check(isTimeZone))), null),
});

/** Reads the answer of `GET …/me`; null = it is none. An action that this page does not know is left out. */
export function readRights(body: unknown): ReaderRights | null {
  const parsed = v.safeParse(answerSchema, body);
  if (!parsed.success) return null;
  const { roles, actions, timeZone } = parsed.output;
  return { roles, timeZone, actions: new Set(ACTIONS.filter((action) => actions.includes(action))) };
}

/** Whether two answers permit the same. */
export function sameRights(a: ReaderRights, b: ReaderRights): boolean {
  const wordsOf = ({ roles, actions, timeZone }: ReaderRights) => JSON.stringify([roles, [...actions], timeZone]);
  return wordsOf(a) === wordsOf(b);
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }) !== null;
  } catch {
    return false;
  }
}
