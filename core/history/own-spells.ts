import type { SeenState, Sighting } from "./sighting.ts";

/** Amazon Connect sends a heartbeat every two minutes, and a list comes each minute. After so long nobody knows what the agent does. */
export const SILENCE_MS = 30 * 60_000;

/** A time span in one status of the agent's own. Times are epoch ms. */
export interface OwnSpell {
  from: number;
  /** null = it goes on. */
  until: number | null;
  kind: "available" | "away" | "offline" | "unknown";
  /** null = unknown. */
  status: string | null;
  signedIn: boolean;
}

/**
 * Returns the agent's own statuses in order of time. A status begins when it says so, and one that is only repeated begins nothing.
 * @param sightings in the order of time
 * @param now epoch ms: an agent who has been silent since long before is in an unknown status
 */
export function ownSpells(sightings: readonly Sighting[], now: number): OwnSpell[] {
  const line = new StatusLine();
  for (const sighting of sightings) if (sighting.at <= now) line.addSighting(sighting);
  return line.spellsAt(now);
}

class StatusLine {
  readonly #spells: OwnSpell[] = [];
  #state: SeenState | null = null;
  /** When the stream showed the agent last. */
  #streamedAt = 0;
  #seenAt = 0;

  addSighting({ at, isStream, state }: Sighting): void {
    const before = this.#state;
    if (state === null) {
      if (before?.signedIn === true) this.#confirm(at, at, before);
      return;
    }
    if (!isStream && this.#isBehind(state)) return;
    const since = state.signedIn || state.kind === "offline" ? state.since : at;
    if (before !== null && isSameStatus(before, state)) {
      // While the status has not begun anew, silence proves that it went on.
      this.#confirm(at, since > this.#seenAt ? since : at, before, since <= this.#seenAt);
    } else {
      const begin = Math.max(since, this.#streamedAt, this.#spells.at(-1)?.from ?? since);
      const isSilent = before?.signedIn === true && begin - this.#seenAt > SILENCE_MS;
      if (isSilent) this.#begin(this.#seenAt, "unknown", null, true);
      this.#begin(Math.min(begin, at), kindOf(state), state.status, state.signedIn);
      this.#state = state;
      this.#seenAt = at;
    }
    if (isStream) this.#streamedAt = at;
  }

  spellsAt(now: number): OwnSpell[] {
    if (this.#state?.signedIn === true && now - this.#seenAt > SILENCE_MS) this.#begin(this.#seenAt, "unknown", null, true);
    return this.#spells.filter(({ from, until }) => until === null || until > from);
  }

  /** Notes that the status goes on. After a silence it is known again from `knownFrom`. */
  #confirm(at: number, knownFrom: number, state: SeenState, isProven = false): void {
    if (state.signedIn && !isProven && at - this.#seenAt > SILENCE_MS && knownFrom > this.#seenAt) {
      this.#begin(this.#seenAt, "unknown", null, true);
      this.#begin(knownFrom, kindOf(state), state.status, true);
    }
    this.#seenAt = at;
  }

  #begin(from: number, kind: OwnSpell["kind"], status: string | null, signedIn: boolean): void {
    const last = this.#spells.at(-1);
    if (last !== undefined) last.until = from;
    this.#spells.push({ from, until: null, kind, status, signedIn });
  }

  /** Whether a list or a heartbeat shows the agent as it was before the stream's news. */
  #isBehind(state: SeenState): boolean {
    const current = this.#spells.at(-1);
    if (current === undefined || this.#streamedAt === 0 || this.#state === null) return false;
    // Heartbeats go on for an hour after an agent has left, and show nothing newer.
    if (!this.#state.signedIn) return state.signedIn && newestTimeOf(state) <= this.#streamedAt;
    return !isSameStatus(this.#state, state) && state.since < current.from;
  }
}

function isSameStatus(a: SeenState, b: SeenState): boolean {
  return a.signedIn === b.signedIn && (!a.signedIn || (a.status === b.status && a.kind === b.kind));
}

function newestTimeOf({ since, contacts }: SeenState): number {
  return Math.max(since, ...contacts.map((contact) => Math.max(contact.since, contact.connectedAt ?? 0)));
}

function kindOf({ signedIn, kind }: SeenState): OwnSpell["kind"] {
  if (!signedIn || kind === "offline") return "offline";
  return kind === "routable" ? "available" : "away";
}
