import { setTimeout as sleep } from "node:timers/promises";
import type { CheckpointStore, PlaceStore } from "./call-ports.ts";
import { parseCheckpoint } from "./checkpoint.ts";

/**
 * The places of the calls that are transcribed at once. There are as many as the speech service has streams. A call takes a place
 * before its first word and keeps it until its end, through hand-overs, crashes and restarts. So the running calls are never more
 * than the places for hand-overs, and no hand-over waits for a new call.
 *
 * A place is an object with a conditional write, because no counter of running functions is exact: Lambda counts invocations, and
 * a call has several.
 */

/**
 * The pause between two looks at a full house, ms, for a call that has just begun, and for one that has waited for long. The call
 * that looks oftener gets the next free place, so the pause shrinks with the wait: nobody waits for ever. A look is one request to
 * S3 ($5 a million).
 */
const FIRST_PAUSE_MS = 8_000;
const SHORTEST_PAUSE_MS = 500;
/** After this wait the pause is half of the first one, ms. */
const HALVED_AFTER_MS = 30_000;
/** Attempts at one look. Each lost one means that somebody else was quicker. */
const MAX_ATTEMPTS = 4;
/** A place without a checkpoint was taken by a run that died before its first one, ms. A live run writes it within a second. */
const NEVER_BEGUN_MS = 60_000;
/** A running call renews its checkpoint every 20 s, and one that has died is started again within two minutes, ms. */
const ABANDONED_MS = 600_000;

export interface CallPlacesOptions {
  store: PlaceStore;
  /** How many calls may be transcribed at once. */
  capacity: number;
  /** Aborts when a run has no more time to wait. */
  mayWait: AbortSignal;
  /** Called once, when the house is full and the wait begins. */
  onWait(): void;
  /** Receives the name of an error of the store. */
  onError(errorName: string): void;
  /** Waits so many ms. */
  pause?: (ms: number) => Promise<unknown>;
  random?: () => number;
  /** Epoch ms. */
  now?: () => number;
}

export class CallPlaces {
  readonly #options: Required<CallPlacesOptions>;

  constructor(options: CallPlacesOptions) {
    const pause = (ms: number) => sleep(ms, undefined, { signal: options.mayWait }).catch(() => {});
    this.#options = { pause, random: Math.random, now: Date.now, ...options };
  }

  /**
   * Waits until the contact has a place, and returns its number. `full`: the time to wait is over. `unknown`: the store is away,
   * and that must not keep a call from being transcribed.
   * @param begunAt when the call's audio began, epoch ms; the longer ago, the oftener the run looks
   */
  async waitForPlace(contactId: string, begunAt: number): Promise<number | "full" | "unknown"> {
    const { mayWait, onWait, onError, pause, random, now } = this.#options;
    for (let looks = 0; ; looks += 1) {
      try {
        const place = await this.#takePlace(contactId);
        if (place !== null) return place;
      } catch (error) {
        onError(nameOf(error));
        return "unknown";
      }
      if (looks === 0) onWait();
      if (mayWait.aborted) return "full";
      await pause(pauseAfter(now() - begunAt) * (0.5 + random() / 2));
    }
  }

  /** Gives a place back, if the contact still has it. Never throws: the watchdog frees what is left taken. */
  async freePlace(number: number, contactId: string): Promise<void> {
    const { store, onError } = this.#options;
    try {
      const place = await store.readPlace(number);
      if (place?.contactId === contactId) await store.writePlace(number, null, place.tag);
    } catch (error) {
      onError(nameOf(error));
    }
  }

  /** Returns the number of the place that the contact has now, or null when all are taken. */
  async #takePlace(contactId: string): Promise<number | null> {
    const { store, capacity, random } = this.#options;
    const listed = new Map((await store.listPlaces()).map((place) => [place.number, place]));
    const free = Array.from({ length: capacity }, (_, number) => number).filter((number) => listed.get(number)?.taken !== true);
    // Runs that look at the same moment begin at different places, so few of them collide.
    const first = Math.floor(random() * free.length);
    for (const number of [...free.slice(first), ...free.slice(0, first)].slice(0, MAX_ATTEMPTS)) {
      if (await store.writePlace(number, contactId, listed.get(number)?.tag ?? null)) return number;
      // The SDK repeats a write whose answer was lost, and the second answer says that somebody was quicker.
      if ((await store.readPlace(number))?.contactId === contactId) return number;
    }
    return null;
  }
}

/** Returns the pause before the next look of a call that has waited so long, ms. */
function pauseAfter(waitedMs: number): number {
  return Math.max(SHORTEST_PAUSE_MS, FIRST_PAUSE_MS / (1 + Math.max(0, waitedMs) / HALVED_AFTER_MS));
}

/** Returns whether all places are taken. @throws the client's error */
export async function isFull(store: Pick<PlaceStore, "listPlaces">, capacity: number): Promise<boolean> {
  return (await store.listPlaces()).filter(({ taken, number }) => taken && number < capacity).length >= capacity;
}

/**
 * Frees the places whose calls are over or gone: their run died before it could. Returns how many.
 * @throws the client's error
 */
export async function freeAbandonedPlaces(store: PlaceStore & Pick<CheckpointStore, "readCheckpoint">): Promise<number> {
  let freed = 0;
  for (const { number } of (await store.listPlaces()).filter(({ taken }) => taken)) {
    const place = await store.readPlace(number);
    if (place === null) continue;
    const stored = await store.readCheckpoint(place.contactId);
    const checkpoint = stored && parseCheckpoint(stored.body);
    // A call that is over and goes on takes its new place before its next checkpoint.
    const isUsed =
      checkpoint !== null && checkpoint.phase !== "done" && checkpoint.job.place === number
        ? (stored?.ageMs ?? 0) < ABANDONED_MS
        : place.ageMs < NEVER_BEGUN_MS;
    if (!isUsed && (await store.writePlace(number, null, place.tag))) freed += 1;
  }
  return freed;
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : "unknown";
}
