import type { ClientMessage, ServerMessage, Turn } from "../../protocol/messages.ts";
import type { Clock, Transcript } from "./contract.ts";
import { type Listener, Listeners } from "./listeners.ts";
import { ANSWER_DEADLINE_MS, Timer } from "./timer.ts";

interface Entry {
  transcript: Transcript;
  listeners: Listeners;
  /** Runs while the hub owes an answer. */
  deadline: Timer;
}

/** Keeps the live transcripts that have a listener. The hub sends only these. */
export class WatchedTranscripts {
  readonly #send: (message: ClientMessage) => boolean;
  readonly #clock: Clock;
  readonly #watched = new Map<string, Entry>();
  #unwatched: Transcript | null = null;

  /** `send` may drop a message and return false while there is no connection, because {@link rewatch} repeats it. */
  constructor(clock: Clock, send: (message: ClientMessage) => boolean) {
    this.#clock = clock;
    this.#send = send;
  }

  /** Returns the same object until the transcript changes, and an empty transcript for a contact without listeners. */
  readonly transcript = (contactId: string): Transcript => {
    const watched = this.#watched.get(contactId);
    if (watched !== undefined) return watched.transcript;
    if (this.#unwatched?.contactId !== contactId) this.#unwatched = { contactId, status: "loading", error: null, turns: [] };
    return this.#unwatched;
  };

  readonly watch = (contactId: string, listener: Listener): (() => void) => {
    let entry = this.#watched.get(contactId);
    if (entry === undefined) {
      entry = { transcript: this.transcript(contactId), listeners: new Listeners(), deadline: new Timer(this.#clock) };
      this.#watched.set(contactId, entry);
      this.#ask(contactId, entry);
    }
    const { listeners } = entry;
    const remove = listeners.add(listener);
    return () => {
      remove();
      if (listeners.size > 0 || this.#watched.get(contactId)?.listeners !== listeners) return;
      this.#unwatch(contactId);
    };
  };

  /** Call on a new connection: the hub has forgotten the watches of the last one. */
  rewatch(): void {
    for (const [contactId, entry] of this.#watched) {
      if (entry.transcript.status !== "complete") this.#ask(contactId, entry);
    }
  }

  applyFrame(message: Extract<ServerMessage, { type: "transcript" }>): void {
    const entry = this.#watched.get(message.contactId);
    if (entry === undefined) return;
    const { turns, status } = entry.transcript;
    const complete = message.complete || status === "complete";
    this.#change(entry, { status: complete ? "complete" : "live", error: null, turns: mergeTurns(turns, message.turns) });
  }

  /** Marks a transcript as refused, or all with null. They keep their turns unless `forget` is true. */
  refuse(contactId: string | null, error: string, forget = false): void {
    for (const [id, entry] of this.#watched) {
      if (id === (contactId ?? id) && (forget || entry.transcript.status !== "complete")) {
        this.#change(entry, { status: "refused", error, ...(forget && { turns: [] }) });
      }
    }
  }

  /** Call when a connection has ended: its answers come no more. */
  stopWaiting(): void {
    for (const entry of this.#watched.values()) entry.deadline.stop();
  }

  #ask(contactId: string, entry: Entry): void {
    entry.deadline.stop();
    if (this.#send({ type: "watch", contactId }))
      entry.deadline.start(ANSWER_DEADLINE_MS, () => this.refuse(contactId, "timeout"));
  }

  #unwatch(contactId: string): void {
    this.#watched.get(contactId)?.deadline.stop();
    this.#watched.delete(contactId);
    this.#send({ type: "unwatch", contactId });
  }

  #change(entry: Entry, change: Partial<Transcript>): void {
    entry.deadline.stop();
    entry.transcript = { ...entry.transcript, ...change };
    entry.listeners.notify();
  }
}

/** Merges turns in the order of `beginMs`. The newer version of a turn wins, but a final version wins over a partial one. */
export function mergeTurns(before: readonly Turn[], updates: readonly Turn[]): readonly Turn[] {
  const byId = new Map(before.map((turn) => [turn.turnId, turn]));
  for (const turn of updates) {
    const known = byId.get(turn.turnId);
    const late = known !== undefined && (known.final !== turn.final ? known.final : known.occurredAt > turn.occurredAt);
    if (!late) byId.set(turn.turnId, turn);
  }
  return [...byId.values()].sort((a, b) => a.beginMs - b.beginMs || (a.turnId < b.turnId ? -1 : 1));
}
