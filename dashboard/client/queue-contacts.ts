import type { ClientMessage, ServerMessage } from "../../protocol/messages.ts";
import type { Clock, QueueContacts } from "./contract.ts";
import { Watches } from "./watches.ts";

type QueueContactsFrame = Extract<ServerMessage, { type: "queueContacts" }>;

/** The waiting contacts of the queues that have a listener. */
export class WatchedQueues extends Watches<QueueContacts> {
  /** The newest frame of each queue since a pause began. */
  readonly #held = new Map<string, QueueContactsFrame>();

  constructor(clock: Clock, send: (message: ClientMessage) => boolean) {
    super(
      clock,
      (queueId, watching) => send({ type: watching ? "watchQueue" : "unwatchQueue", queueId }),
      (queueId) => ({ queueId, status: "loading", error: null, contacts: [], quarters: [] }),
    );
  }

  /** A frame holds all contacts. The last hours stay when it has none. A pause holds a queue that is shown. */
  applyFrame(frame: QueueContactsFrame, paused: boolean): void {
    const { queueId, contacts, quarters } = frame;
    if (paused && this.view(queueId).status === "live") {
      this.#held.set(queueId, { ...frame, quarters: quarters ?? this.#held.get(queueId)?.quarters });
      return;
    }
    this.change(queueId, (before) => ({
      queueId,
      status: "live",
      error: null,
      contacts,
      quarters: quarters ?? before.quarters,
    }));
  }

  /** Shows what a pause has held. */
  release(): void {
    const held = [...this.#held.values()];
    this.#held.clear();
    for (const frame of held) {
      // A queue that was refused meanwhile stays refused.
      if (this.view(frame.queueId).status === "live") this.applyFrame(frame, false);
    }
  }
}
