import type { ClientMessage, ServerMessage, Turn } from "../../protocol/messages.ts";
import type { Transcript } from "./contract.ts";
import { type Listener, Listeners } from "./listeners.ts";

interface Entry {
  transcript: Transcript;
  listeners: Listeners;
}

/** Keeps the live transcripts that have a listener. The hub sends only these. */
export class WatchedTranscripts {
  readonly #send: (message: ClientMessage) => void;
  readonly #watched = new Map<string, Entry>();
  #unwatched: Transcript | null = null;

  /** `send` may drop a message while there is no connection, because {@link rewatch} repeats it. */
  constructor(send: (message: ClientMessage) => void) {
    this.#send = send;
  }

  /** Returns the same object until the transcript changes, and an empty transcript for a contact without listeners. */
  readonly transcript = (contactId: string): Transcript => {
    const watched = this.#watched.get(contactId);
    if (watched !== undefined) return watched.transcript;
    if (this.#unwatched?.contactId !== contactId) this.#unwatched = { contactId, status: "loading", turns: [] };
    return this.#unwatched;
  };

  readonly watch = (contactId: string, listener: Listener): (() => void) => {
    let entry = this.#watched.get(contactId);
    if (entry === undefined) {
      entry = { transcript: this.transcript(contactId), listeners: new Listeners() };
      this.#watched.set(contactId, entry);
      this.#send({ type: "watch", contactId });
    }
    const { listeners } = entry;
    const remove = listeners.add(listener);
    return () => {
      remove();
      if (listeners.size > 0 || this.#watched.get(contactId)?.listeners !== listeners) return;
      this.#watched.delete(contactId);
      this.#send({ type: "unwatch", contactId });
    };
  };

  /** Call on a new connection: the hub has forgotten the watches of the last one. */
  rewatch(): void {
    for (const [contactId, { transcript }] of this.#watched) {
      if (transcript.status !== "complete") this.#send({ type: "watch", contactId });
    }
  }

  applyFrame(message: Extract<ServerMessage, { type: "transcript" }>): void {
    const entry = this.#watched.get(message.contactId);
    if (entry === undefined) return;
    const { contactId, turns } = entry.transcript;
    const complete = message.complete || entry.transcript.status === "complete";
    entry.transcript = { contactId, status: complete ? "complete" : "live", turns: mergeTurns(turns, message.turns) };
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
