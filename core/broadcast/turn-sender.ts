import type { Turn } from "../../protocol/messages.ts";
import { mayView } from "../board/visibility.ts";
import type { Frame } from "./frame.ts";
import { transcriptFrame } from "./frames.ts";
import type { SlowConsumers } from "./slow-consumers.ts";
import type { Subscriber } from "./subscriber.ts";
import type { Subscribers } from "./subscribers.ts";

/** The broadcaster that the sender belongs to. */
export interface TurnSenderHost {
  /** Closes a viewer whose session is over. Returns whether it is. */
  closeIfOver(subscriber: Subscriber, now: number): boolean;
  sendFrame(subscriber: Subscriber, frame: Frame): void;
}

/** Sends turns to the viewers that watch their contact and may see it. A slow consumer gets them when it has drained. */
export class TurnSender {
  readonly #subscribers: Subscribers;
  readonly #slow: SlowConsumers;
  readonly #host: TurnSenderHost;
  /** The watched contacts of which turns came while a viewer could not see them. */
  readonly #missedOutOfSight = new WeakMap<Subscriber, Set<string>>();
  /** Of the turns so far, as a viewer got them last. */
  #lastTranscript: Frame | null = null;

  constructor(subscribers: Subscribers, slow: SlowConsumers, host: TurnSenderHost) {
    this.#subscribers = subscribers;
    this.#slow = slow;
    this.#host = host;
  }

  /** Sends new turns to all who watch. */
  sendTurns(contactId: string, turns: readonly Turn[], complete: boolean, groups: readonly string[], now: number): void {
    let frame: Frame | null = null;
    for (const subscriber of this.#subscribers.subscribersOfContact(contactId)) {
      if (!mayView(subscriber.viewer.groupFilter, groups)) {
        this.#missedOutOfSight.set(subscriber, (this.#missedOutOfSight.get(subscriber) ?? new Set()).add(contactId));
        continue;
      }
      frame ??= transcriptFrame(contactId, turns, complete);
      this.#sendTo(subscriber, contactId, frame, now);
      if (this.#missedOutOfSight.get(subscriber)?.delete(contactId)) subscriber.port.resendTranscript(contactId);
    }
  }

  /** Sends one viewer the turns so far of a contact that it watches. */
  sendTranscript(
    id: string,
    contactId: string,
    turns: readonly Turn[],
    complete: boolean,
    groups: readonly string[],
    now: number,
    truncated = false,
  ): void {
    const subscriber = this.#subscribers.find(id);
    if (subscriber === undefined || !subscriber.viewer.watching.has(contactId)) return;
    if (!mayView(subscriber.viewer.groupFilter, groups)) return;
    this.#missedOutOfSight.get(subscriber)?.delete(contactId);
    const frame = transcriptFrame(contactId, turns, complete, truncated);
    // When a whole team opens one call, the frame is compressed once.
    if (this.#lastTranscript?.text !== frame.text) this.#lastTranscript = frame;
    this.#sendTo(subscriber, contactId, this.#lastTranscript ?? frame, now);
  }

  #sendTo(subscriber: Subscriber, contactId: string, frame: Frame, now: number): void {
    if (this.#host.closeIfOver(subscriber, now)) return;
    if (subscriber.awaited?.isFirst === true) subscriber.awaited.transcripts.add(contactId);
    else if (this.#slow.isSlow(subscriber, frame.bytes)) this.#slow.missTurns(subscriber, contactId, now);
    else this.#host.sendFrame(subscriber, frame);
  }
}
