import type { CenterFacts } from "../../protocol/center.ts";
import type { Board, Position } from "../board/board.ts";
import { GroupView } from "../board/group-view.ts";
import type { GroupFilter } from "../board/visibility.ts";
import type { BoardText, TextKind } from "./board-text.ts";
import { Deliveries } from "./deliveries.ts";
import { legacyRemoval, legacyUpdate } from "./flush-frames.ts";
import type { Frame } from "./frame.ts";
import { boardFrame, pollBody } from "./frames.ts";
import { SharedTexts } from "./shared-texts.ts";
import type { SlowConsumers } from "./slow-consumers.ts";
import type { AwaitedBoard, Subscriber } from "./subscriber.ts";
import type { BroadcastCounters } from "./viewer.ts";

/** A viewer gets a whole list that it asks for once in so long: at 10,000 agents a list is 5 MB. */
const START_ANEW_EVERY_MS = 2000;
/** No position: the hub can prove nothing from here, so the viewer gets the whole list. */
const UNKNOWN_POSITION = -1;

/** The broadcaster that the sender belongs to. */
export interface BoardSenderHost {
  sendFrame(subscriber: Subscriber, frame: Frame): void;
  /** Compresses one part of a long frame before it is sent. Returns whether there are more. */
  packNext(subscriber: Subscriber, frame: Frame): boolean;
  /** Within which time viewers should come back after an end that hits everybody, ms. */
  comeBackWithinMs(): number;
  /** What whole lists and resumes say of the contact center; null = nothing. */
  center(): CenterFacts | null;
}

type Purpose = "first" | "anew" | "followUp";

/** Sends whole lists and resumes: first frames, resyncs, and what a slow consumer missed. */
export class BoardSender {
  readonly #board: Board;
  readonly #slow: SlowConsumers;
  readonly #counters: BroadcastCounters;
  readonly #host: BoardSenderHost;
  readonly #texts: SharedTexts;
  readonly #deliveries: Deliveries;

  constructor(board: Board, slow: SlowConsumers, counters: BroadcastCounters, host: BoardSenderHost) {
    this.#board = board;
    this.#slow = slow;
    this.#counters = counters;
    this.#host = host;
    this.#texts = new SharedTexts(board);
    this.#deliveries = new Deliveries(this.#texts);
  }

  /** When {@link takeStep} has something to do, epoch ms; null = nothing waits. */
  nextStepAt(now: number): number | null {
    return this.#deliveries.nextStepAt(now);
  }

  /** Writes a part of one list, or sends one. */
  takeStep(now: number): void {
    this.#deliveries.takeStep(now);
  }

  /** Lets go of texts that nobody may get any more. */
  dropOldTexts(now: number): void {
    this.#texts.dropOld(now);
  }

  /** Sends a new viewer what it missed since `position` if that can be proven, and everything otherwise. */
  sendFirst(subscriber: Subscriber, position: Position | null, now: number): void {
    const { epoch, seq } = position ?? { epoch: "", seq: UNKNOWN_POSITION };
    const isKnown = epoch === subscriber.group.view.epochOf(this.#board.epoch);
    this.#begin(subscriber, isKnown ? seq : UNKNOWN_POSITION, "first", now, now);
  }

  /** Sends the whole list anew, though not more often than the viewer's weight allows, and not into a full connection. */
  startAnew(subscriber: Subscriber, now: number): void {
    if (subscriber.awaited !== null) return;
    // A viewer that asks again and again must neither fill its queue nor begin its 30 s anew.
    if (this.#slow.isFull(subscriber)) {
      this.#slow.missBoard(subscriber, UNKNOWN_POSITION, now);
      return;
    }
    const { startedAnewAt } = subscriber;
    // A clock that was set back must not hold the list back for as long.
    const notBefore = startedAnewAt === null ? now : Math.min(startedAnewAt, now) + START_ANEW_EVERY_MS;
    this.#begin(subscriber, UNKNOWN_POSITION, "anew", Math.max(now, notBefore), now);
  }

  /** Sends what a viewer at this position missed. A slow consumer gets it once it has drained. */
  sendMissed(subscriber: Subscriber, position: number, now: number): void {
    if (this.#slow.isSlow(subscriber)) this.#slow.missBoard(subscriber, position, now);
    else this.#begin(subscriber, position, "followUp", now, now);
  }

  /** Sends a drained viewer all that it missed. */
  catchUp(subscriber: Subscriber, now: number): void {
    const { slow, port } = subscriber;
    this.#slow.forget(subscriber);
    if (slow === null) return;
    if (slow.missedFrom !== null && subscriber.awaited === null) this.#begin(subscriber, slow.missedFrom, "anew", now, now);
    for (const contactId of slow.transcripts) port.resendTranscript(contactId);
  }

  /** Passes the body of the polling endpoint to `answer`, at once or later. Returns the seq that the body stands for. */
  poll(filter: GroupFilter, now: number, answer: (body: string) => void): number {
    const view = new GroupView(filter);
    const { seq } = this.#board;
    const send = (text: BoardText, at: number) => answer(pollBody(this.#board, view, text, at, this.#host.center()));
    this.#deliveries.begin({ view, kind: { kind: "list" }, knows: seq, notBefore: now, text: null, port: null, send }, now);
    return seq;
  }

  /** Ends what is on its way to a subscriber that leaves, or whose filter changes. */
  cancel(subscriber: Subscriber): void {
    if (subscriber.awaited !== null) this.#deliveries.cancel(subscriber.awaited);
    subscriber.awaited = null;
    this.#deliveries.forgetPort(subscriber.port);
  }

  #begin(subscriber: Subscriber, since: number, purpose: Purpose, notBefore: number, now: number): void {
    const { group, viewer, port, slow } = subscriber;
    const awaited: AwaitedBoard = {
      view: group.view,
      kind: this.#kindFor(viewer.legacy, since),
      knows: purpose === "first" ? 0 : this.#board.seq,
      notBefore,
      text: null,
      port,
      isFirst: purpose === "first",
      transcripts: new Set(slow?.transcripts),
      prepare: ({ frame }) => this.#host.packNext(subscriber, frame),
      send: (text, at) => this.#deliver(subscriber, awaited, text, purpose, at),
    };
    this.#slow.forget(subscriber);
    subscriber.awaited = awaited;
    this.#deliveries.begin(awaited, now);
  }

  #kindFor(legacy: boolean, since: number): TextKind {
    if (legacy) return { kind: "legacyList" };
    return this.#board.canResume({ epoch: this.#board.epoch, seq: since }) ? { kind: "missed", since } : { kind: "list" };
  }

  #deliver(subscriber: Subscriber, awaited: AwaitedBoard, text: BoardText, purpose: Purpose, now: number): void {
    const { viewer, port, group } = subscriber;
    subscriber.awaited = null;
    const since = text.kind.kind === "missed" ? text.kind.since : UNKNOWN_POSITION;
    // A tombstone that was deleted while the text was written may be missing in it.
    if (since >= 0 && since < this.#board.oldestResumableSeq) {
      this.#begin(subscriber, since, purpose, now, now);
      return;
    }
    if (this.#slow.isFull(subscriber)) {
      for (const contactId of awaited.transcripts) this.#slow.missTurns(subscriber, contactId, now);
      this.#slow.missBoard(subscriber, since, now);
      return;
    }
    subscriber.seen = text.seq;
    if (purpose === "first") this.#counters[since >= 0 ? "resumed" : "snapshots"] += 1;
    if (purpose === "anew") this.#counters.resyncs += 1;
    if (purpose === "anew" && since < 0) subscriber.startedAnewAt = now;
    const session = {
      sessionExpiresAt: viewer.expiresAt,
      comeBackWithinMs: this.#host.comeBackWithinMs(),
      center: this.#host.center(),
    };
    this.#host.sendFrame(subscriber, boardFrame(this.#board, group.view, text, now, session));
    this.#followUp(subscriber, text.seq, now);
    for (const contactId of awaited.transcripts) port.resendTranscript(contactId);
  }

  /** Sends what was flushed to the viewer's group while its list was written or waited. */
  #followUp(subscriber: Subscriber, seq: number, now: number): void {
    if (subscriber.group.position <= seq) return;
    if (subscriber.viewer.legacy) this.#sendLegacyMissed(subscriber, seq, now);
    else if (this.#slow.isFull(subscriber)) this.#slow.missBoard(subscriber, seq, now);
    else this.#begin(subscriber, seq, "followUp", now, now);
  }

  /** A legacy viewer cannot resume. On a busy board a new list would be old again when it is sent. */
  #sendLegacyMissed(subscriber: Subscriber, since: number, now: number): void {
    const [collection] = this.#board.collections;
    if (collection === undefined) return;
    const { epoch } = this.#board;
    const frames: { seq: number; frame: Frame }[] = [];
    for (const row of collection.rows()) {
      const { key, seq, value } = row;
      const news = collection.missedOf(row, since, subscriber.group.view);
      if (news === "removed") frames.push({ seq, frame: legacyRemoval(collection, key) });
      else if (news !== null && value !== null) frames.push({ seq, frame: legacyUpdate(epoch, collection, value, seq, now) });
    }
    for (const { frame } of frames.sort((a, b) => a.seq - b.seq)) this.#host.sendFrame(subscriber, frame);
    subscriber.seen = this.#board.seq;
  }
}
