import type { Turn } from "../../protocol/messages.ts";
import { phraseByText } from "../phrases/phrase-book.ts";
import type { WrittenUtterance } from "../simulator/live-call.ts";

/** The hub deletes turns ten minutes after the end of their contact, so a call is judged before that. */
const JUDGED_AFTER_MS = 9 * 60_000;
/** A turn begins where the recogniser heard the first word, which need not be the first sample of the utterance. */
const SAME_BEGIN_MS = 1_500;

/** The text of a turn whose words may not leave, because its language cannot be redacted (docs/security.md). */
const WITHHELD = "[PII]";

/** What was said and what of it the hub has. */
export interface TurnCount {
  said: number;
  onHub: number;
}

interface OpenCall {
  said: readonly WrittenUtterance[];
  endedAt: number;
  onHub: number;
}

/** Compares what simulated callers said with what the hub answers. It knows neither the transcriber nor what it posts. */
export class TurnAudit {
  readonly #read: (contactIds: readonly string[]) => Promise<ReadonlyMap<string, readonly Turn[]>>;
  /** Calls of which the hub does not have everything yet. */
  readonly #open = new Map<string, OpenCall>();
  #judged: TurnCount = { said: 0, onHub: 0 };

  constructor(read: (contactIds: readonly string[]) => Promise<ReadonlyMap<string, readonly Turn[]>>) {
    this.#read = read;
  }

  /** Adds a call that is over. `now` is epoch ms. */
  addCall(contactId: string, said: readonly WrittenUtterance[], now: number): void {
    if (said.length > 0) this.#open.set(contactId, { said, endedAt: now, onHub: 0 });
  }

  /** How many turns the hub did not have at the last check. */
  get missing(): number {
    return [...this.#open.values()].reduce((sum, { said, onHub }) => sum + said.length - onHub, 0);
  }

  /** Asks the hub for the open calls. A hub that does not answer changes nothing. */
  async check(now: number): Promise<void> {
    const found = await this.#read([...this.#open.keys()]).catch(() => null);
    for (const [contactId, call] of this.#open) {
      const turns = found?.get(contactId);
      if (turns !== undefined) call.onHub = countOnHub(call.said, turns);
      if (call.onHub < call.said.length && now - call.endedAt < JUDGED_AFTER_MS) continue;
      this.#judged = { said: this.#judged.said + call.said.length, onHub: this.#judged.onHub + call.onHub };
      this.#open.delete(contactId);
    }
  }

  /** The calls of which something is missing, for the log. */
  incompleteCalls(): { contactId: string; said: number; onHub: number }[] {
    return [...this.#open].map(([contactId, { said, onHub }]) => ({ contactId, said: said.length, onHub }));
  }

  count(): TurnCount {
    const open = [...this.#open.values()];
    return {
      said: open.reduce((sum, call) => sum + call.said.length, this.#judged.said),
      onHub: open.reduce((sum, call) => sum + call.onHub, this.#judged.onHub),
    };
  }
}

/** How many utterances have a final turn of their own: same speaker, same place, and the same words unless they are withheld. */
export function countOnHub(said: readonly WrittenUtterance[], turns: readonly Turn[]): number {
  const free = new Set(turns.filter((turn) => turn.final && turn.text !== ""));
  let found = 0;
  for (const { phrase, beginMs } of said) {
    const turn = [...free].find(
      (candidate) =>
        candidate.role === phrase.role &&
        (candidate.text === WITHHELD || phraseByText(candidate.text)?.number === phrase.number) &&
        Math.abs(candidate.beginMs - beginMs) <= SAME_BEGIN_MS,
    );
    if (turn === undefined) continue;
    free.delete(turn);
    found += 1;
  }
  return found;
}
