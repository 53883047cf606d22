import type { AlertChange } from "../../core/alerts/alert-change.ts";
import { readAnswer } from "../../core/alerts/delivery-answer.ts";
import { Outbox } from "../../core/alerts/outbox.ts";
import type { OutboxMessage } from "../../core/alerts/outbox-lane.ts";
import type { AlertTestAnswer } from "../../protocol/answers.ts";
import { log } from "../log.ts";
import type { MessageSender } from "./message-sender.ts";
import type { OutboxTable } from "./outbox-table.ts";
import type { ReceiverAnswer } from "./receiver-answer.ts";
import type { DeliveryTarget } from "./target-settings.ts";
import { testAnswer } from "./test-answer.ts";

/** A Worker may have six connections that wait for headers (Cloudflare docs, Workers limits, 2026-11). Two stay for others. */
const MAX_OPEN = 4;
/** Attempts of one run. The next alarm sends the rest. */
const MAX_PER_RUN = 50;
/** When the storage takes nothing, nothing is sent for so long: the answer could not be noted, and the message would go again. */
const STORAGE_PAUSE_MS = 60_000;

/** Nobody needs to see two test messages of one target within this time, and a receiver may limit them. */
const BETWEEN_TESTS_MS = 5_000;

/** All connections are free again within this time, because each attempt has its own limit. */
const BUSY_MS = 10_000;

/** What became of a test, or why there was none. */
export type TestedTarget =
  | { readonly type: "tested"; readonly answer: AlertTestAnswer }
  | { readonly type: "too_many_requests"; readonly retryAfterSeconds: number }
  | { readonly type: "unknown_target"; readonly targets: readonly string[] };

/** What the delivery needs of its object. */
export interface DeliveryPorts {
  /** Runs a change in a transaction of the storage. Returns false when it could not be stored; then {@link AlertDelivery.restore} has run. */
  transaction(change: () => void): boolean;
  /** Asks for an alarm at the latest then, epoch ms. */
  wakeBy(at: number | null): void;
  /** Default: the clock of the machine. */
  readonly now?: () => number;
}

/** Totals since the object is in memory. */
export interface DeliveryCounters {
  /** Alerts that fired, whether or not anybody is told. */
  alertsFired: number;
  alertMessagesDelivered: number;
  /** Attempts that failed, also those that are repeated. */
  alertAttemptsFailed: number;
  /** Messages that a receiver refused, or that were not delivered within 24 h. */
  alertMessagesGivenUp: number;
  /** Pieces of news that were never sent, because they waited for a day or were too many. */
  alertNotesDropped: number;
}

/** How the delivery stands. */
export interface DeliveryFigures {
  alertTargets: number;
  /** Targets whose receivers are gone. */
  alertTargetsStopped: number;
  /** How long the oldest news waits for its delivery; 0 = none waits. */
  oldestAlertSeconds: number;
}

/** Delivers the alerts of one contact center: keeps them in the storage of its object, and sends what is due. */
export class AlertDelivery {
  readonly #instanceId: string;
  readonly #targets: ReadonlyMap<string, DeliveryTarget>;
  readonly #table: OutboxTable;
  readonly #sender: MessageSender;
  readonly #ports: DeliveryPorts;
  #outbox: Outbox;
  #open = 0;
  /** Nothing is sent before, because the storage did not take a change. Epoch ms. */
  #pausedUntil = 0;
  /** Target -> when it got its last test, epoch ms. */
  readonly #testedAt = new Map<string, number>();
  readonly counters: DeliveryCounters = {
    alertsFired: 0,
    alertMessagesDelivered: 0,
    alertAttemptsFailed: 0,
    alertMessagesGivenUp: 0,
    alertNotesDropped: 0,
  };

  /** @param targets those of this instance */
  constructor(
    instanceId: string,
    targets: readonly DeliveryTarget[],
    table: OutboxTable,
    sender: MessageSender,
    ports: DeliveryPorts,
  ) {
    this.#instanceId = instanceId;
    this.#targets = new Map(targets.map((target) => [target.id, target]));
    this.#table = table;
    this.#sender = sender;
    this.#ports = ports;
    this.#outbox = this.#load();
  }

  /** Takes what is worth a message over into the storage. Call it in the transaction of the change. */
  noteChanges(changes: readonly AlertChange[], now: number): void {
    if (changes.length === 0) return;
    this.counters.alertsFired += changes.filter(({ type }) => type === "fired").length;
    this.#outbox.addChanges(changes, now);
    this.#save();
  }

  /** When {@link sendDue} has something to do, epoch ms; null = never. */
  nextWake(): number | null {
    const next = this.#outbox.nextWake();
    if (next === null) return null;
    // A connection that becomes free sends the next message. The alarm is only for the case that this process ends before.
    const busyUntil = this.#open >= MAX_OPEN ? this.#now() + BUSY_MS : 0;
    return Math.max(next, this.#pausedUntil, busyUntil);
  }

  /** Reads the outbox from storage again, because memory is ahead of it. */
  restore(): void {
    this.#outbox = this.#load();
  }

  /** What the metrics say beside the counters. */
  figures(now: number): DeliveryFigures {
    const oldest = this.#outbox.oldestUndeliveredAt;
    return {
      alertTargets: this.#targets.size,
      alertTargetsStopped: this.#outbox.stoppedTargets,
      oldestAlertSeconds: oldest === null ? 0 : Math.max(0, Math.round((now - oldest) / 1000)),
    };
  }

  /** Sends what is due, a few messages at a time, and asks for the next alarm. It never throws. */
  async sendDue(): Promise<void> {
    let left = MAX_PER_RUN;
    const sendInTurn = async () => {
      while (left > 0 && this.#open < MAX_OPEN) {
        const message = this.#beginAttempt();
        if (message === null) return;
        left -= 1;
        await this.#attempt(message);
      }
    };
    await Promise.all(Array.from({ length: MAX_OPEN }, sendInTurn));
    this.#ports.wakeBy(this.nextWake());
  }

  /** Sends a test message to a target, and lets the target go on if it was stopped and works. */
  async sendTest(targetId: string): Promise<TestedTarget> {
    const target = this.#targets.get(targetId);
    if (target === undefined) return { type: "unknown_target", targets: [...this.#targets.keys()].sort() };
    const startedAt = this.#now();
    const freeAt = (this.#testedAt.get(targetId) ?? 0) + BETWEEN_TESTS_MS;
    if (startedAt < freeAt) return { type: "too_many_requests", retryAfterSeconds: Math.ceil((freeAt - startedAt) / 1000) };
    this.#testedAt.set(targetId, startedAt);
    const answered = await this.#sender.sendTest(`alr_test_${crypto.randomUUID()}`, target, startedAt);
    const now = this.#now();
    const answer = testAnswer(target, answered, now);
    log("alert_test", { instance: this.#instanceId, target: targetId, ...wordsFor(answered) });
    if (answer.delivered) {
      this.#store(() => this.#outbox.resumeTarget(targetId, now));
      this.#ports.wakeBy(this.nextWake());
    }
    return { type: "tested", answer };
  }

  /** Stores a message before it is sent, so that it has the same id after a crash. null = nothing is due. */
  #beginAttempt(): OutboxMessage | null {
    const now = this.#now();
    if (now < this.#pausedUntil || (this.#outbox.nextWake() ?? Number.POSITIVE_INFINITY) > now) return null;
    let message: OutboxMessage | null = null;
    const isStored = this.#store(() => {
      message = this.#outbox.dueMessages(now, 1)[0] ?? null;
    });
    // First, so that a message goes on when the process ends before the answer.
    this.#ports.wakeBy(this.nextWake());
    return isStored ? message : null;
  }

  async #attempt(message: OutboxMessage): Promise<void> {
    const target = this.#targets.get(message.target);
    if (target === undefined) return;
    this.#open += 1;
    const answered = await this.#sender.send(message, target).finally(() => {
      this.#open -= 1;
    });
    const now = this.#now();
    this.#store(() => {
      const outcome = this.#outbox.noteAnswer(message.messageId, readAnswer(answered.outcome, now), now, Math.random());
      if (outcome === null) return;
      const { type, reason } = outcome;
      if (type === "delivered") this.counters.alertMessagesDelivered += 1;
      else this.counters.alertAttemptsFailed += 1;
      if (type === "given up") this.counters.alertMessagesGivenUp += 1;
      const why = reason === null ? {} : { reason };
      log(EVENTS[type], {
        instance: this.#instanceId,
        target: message.target,
        alerts: message.notes.length,
        failures: message.failures,
        ...wordsFor(answered),
        ...why,
      });
    });
  }

  #load(): Outbox {
    const outbox = new Outbox([...this.#targets.values()], this.#table.load());
    this.#table.noteLoaded(outbox.stored().lanes);
    return outbox;
  }

  /** Changes the outbox and its rows together. Returns whether the storage took it. */
  #store(change: () => void): boolean {
    const isStored = this.#ports.transaction(() => {
      change();
      this.#save();
    });
    if (!isStored) this.#pausedUntil = this.#now() + STORAGE_PAUSE_MS;
    return isStored;
  }

  #save(): void {
    this.counters.alertNotesDropped += this.#outbox.drainDropped();
    this.#table.save(this.#outbox.stored().lanes);
  }

  #now(): number {
    return this.#ports.now?.() ?? Date.now();
  }
}

const EVENTS = {
  delivered: "alert_delivered",
  later: "alert_not_delivered_yet",
  stopped: "alert_target_stopped",
  "given up": "alert_given_up",
} as const;

/** What a log line says of an answer: never what the receiver said, because that is not ours. */
function wordsFor({ outcome }: ReceiverAnswer): { status: number } | { failure: string } {
  return "status" in outcome ? { status: outcome.status } : { failure: outcome.failure };
}
