import type { ClientMessage, ServerMessage, Turn } from "../../protocol/messages.ts";
import type { Transcript } from "./contract.ts";
import { type Listener, Listeners } from "./listeners.ts";

interface Entry {
  transcript: Transcript;
  listeners: Listeners;
}

/** Live transcripts of the calls somebody looks at, and of no others: the hub sends a transcript only while it is watched. */
export class WatchedTranscripts {
  readonly #send: (message: ClientMessage) => void;
  readonly #watched = new Map<string, Entry>();
  #unwatched: Transcript | null = null;

  /** `send` may drop the message when there is no connection: {@link rewatch} makes up for it. */
  constructor(send: (message: ClientMessage) => void) {
    this.#send = send;
  }

  /** The same object until it changes; an empty one for a contact that nobody watches. */
  readonly get = (contactId: string): Transcript => {
    const watched = this.#watched.get(contactId);
    if (watched !== undefined) return watched.transcript;
    if (this.#unwatched?.contactId !== contactId) this.#unwatched = { contactId, status: "loading", turns: [] };
    return this.#unwatched;
  };

  readonly watch = (contactId: string, listener: Listener): (() => void) => {
    let entry = this.#watched.get(contactId);
    if (entry === undefined) {
      entry = { transcript: this.get(contactId), listeners: new Listeners() };
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

  /** A new connection knows nothing of what the last one watched. */
  rewatch(): void {
    for (const [contactId, { transcript }] of this.#watched) {
      if (transcript.status !== "complete") this.#send({ type: "watch", contactId });
    }
  }

  apply(message: Extract<ServerMessage, { type: "transcript" }>): void {
    const entry = this.#watched.get(message.contactId);
    if (entry === undefined) return;
    const { contactId, turns } = entry.transcript;
    const complete = message.complete || entry.transcript.status === "complete";
    entry.transcript = { contactId, status: complete ? "complete" : "live", turns: mergeTurns(turns, message.turns) };
    entry.listeners.notify();
  }
}

/** In the order of speaking. A newer version of a turn takes its place, but nothing partial takes the place of a final turn. */
export function mergeTurns(before: readonly Turn[], news: readonly Turn[]): readonly Turn[] {
  const byId = new Map(before.map((turn) => [turn.turnId, turn]));
  for (const turn of news) {
    const known = byId.get(turn.turnId);
    const late = known !== undefined && (known.final !== turn.final ? known.final : known.occurredAt > turn.occurredAt);
    if (!late) byId.set(turn.turnId, turn);
  }
  return [...byId.values()].sort((a, b) => a.beginMs - b.beginMs || (a.turnId < b.turnId ? -1 : 1));
}
