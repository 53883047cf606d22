import * as v from "valibot";
import type { Severity } from "../../protocol/alert.ts";
import { backoffMs } from "../../protocol/backoff.ts";
import type { AlertChange } from "./alert-change.ts";
import { noteOf } from "./alert-note.ts";
import type { DeliveryAnswer } from "./delivery-answer.ts";
import {
  addNote,
  dropOldNotes,
  emptyLane,
  type Lane,
  laneSchema,
  makeMessage,
  nextMessageAt,
  type OutboxMessage,
  TOO_OLD_MS,
} from "./outbox-lane.ts";

const BACKOFF = { firstMs: 10_000, longestMs: 30 * 60_000 };
/** No attempt follows sooner on a failed one. Full jitter alone may wait for no time at all. */
const SHORTEST_WAIT_MS = 5_000;
/** A receiver may ask for more time, but not for a day. */
const LONGEST_WAIT_MS = 60 * 60_000;
/** Answers by which a receiver says that its address is gone. They stop the target, and the next try is an hour away. */
const STOPS: ReadonlySet<string> = new Set(["gone", "not_found"]);
const STOPPED_FOR_MS = 60 * 60_000;
/** Slack allows about one message per second and channel (api.slack.com/docs/rate-limits), Teams four. */
const BETWEEN_MESSAGES_MS = 1_000;
/** An attempt has 5 s. One without an answer for so long was lost with its process. */
const LOST_AFTER_MS = 15_000;

/** Who is told, and of what. The address is a secret and not part of it. */
export interface AlertTarget {
  readonly id: string;
  readonly language: "en" | "es";
  /** Only alerts of these groups; null = of all, also those without groups. */
  readonly groups: readonly string[] | null;
  /** Only alerts of these rules; null = of all that do not name other targets. */
  readonly rules: readonly string[] | null;
  readonly minSeverity: Severity;
  /** Whether messages name agents. */
  readonly withNames: boolean;
}

/** What became of an attempt. */
export interface DeliveryOutcome {
  /** `stopped` = the receiver is gone. The message waits, and the target is tried once an hour. */
  readonly type: "delivered" | "later" | "stopped" | "given up";
  readonly message: OutboxMessage;
  /** Why it was given up or the target stopped: the reason of the receiver, or `too_old`; null otherwise. */
  readonly reason: string | null;
}

const storedOutboxSchema = v.object({ lanes: v.fallback(v.array(v.unknown()), []) });

/**
 * Decides which target gets which message and when. Every target has a lane of its own, so a slow one delays no other. A message
 * is sent at least once, and always under the same id.
 */
export class Outbox {
  readonly #targets: ReadonlyMap<string, AlertTarget>;
  readonly #lanes = new Map<string, Lane>();
  /** Target -> when the attempt began that has no answer yet. A restart forgets it, and repeats the attempt. */
  readonly #attempts = new Map<string, number>();
  #dropped = 0;

  /** @param stored what {@link stored} gave; what waits for a target that exists no more is dropped. */
  constructor(targets: readonly AlertTarget[], stored: unknown) {
    this.#targets = new Map(targets.map((target) => [target.id, target]));
    const parsed = v.safeParse(storedOutboxSchema, stored);
    for (const entry of parsed.success ? parsed.output.lanes : []) {
      const lane = v.safeParse(laneSchema, entry);
      if (lane.success && this.#targets.has(lane.output.target)) this.#lanes.set(lane.output.target, lane.output);
    }
  }

  /** Adds what is worth a message, for each target that the rule and the groups of the alert lead to. */
  addChanges(changes: readonly AlertChange[], now: number): void {
    for (const change of changes) {
      const note = noteOf(change, now);
      if (note === null) continue;
      for (const target of this.#targets.values()) {
        const lane = this.#lanes.get(target.id) ?? emptyLane(target.id);
        // The end of an alert goes to those who know of it, whatever its rule says by now.
        if (note.event !== "resolved" && !isFor(target, change)) continue;
        const added = addNote(lane, note);
        if (added !== lane) this.#lanes.set(target.id, this.#withoutOld(added, now));
      }
    }
  }

  /**
   * Returns the messages to send now, at most `limit` and at most one for each target. Each needs a {@link noteAnswer}. Targets
   * that waited longest come first.
   */
  dueMessages(now: number, limit: number): OutboxMessage[] {
    const due = [...this.#lanes.values()].map((lane) => ({ lane, at: this.#dueOf(lane) })).filter(({ at }) => at <= now);
    due.sort((a, b) => a.at - b.at || (a.lane.target < b.lane.target ? -1 : 1));
    return due.slice(0, limit).flatMap(({ lane }) => {
      const next = lane.message === null ? makeMessage(this.#withoutOld(lane, now), now) : lane;
      this.#lanes.set(lane.target, next);
      if (next.message === null) return [];
      this.#attempts.set(lane.target, now);
      return [next.message];
    });
  }

  /**
   * Notes what the receiver answered. Returns null for an answer to a message that is no longer on its way.
   * @param random a number in [0, 1), for the jitter of the next wait
   */
  noteAnswer(messageId: string, answer: DeliveryAnswer, now: number, random: number): DeliveryOutcome | null {
    const lane = [...this.#lanes.values()].find(({ message }) => message?.messageId === messageId);
    if (lane === undefined || lane.message === null) return null;
    const { message, target } = lane;
    this.#attempts.delete(target);
    const isGone = answer.type === "refused" && STOPS.has(answer.reason);
    const stopped = isGone ? answer.reason : answer.type === "delivered" ? null : lane.stopped;
    if ((isGone || answer.type === "later") && now < message.createdAt + TOO_OLD_MS) {
      const wait = isGone || stopped !== null ? STOPPED_FOR_MS : waitAfter(message, answer, random);
      const failed = { ...message, failures: message.failures + 1, nextTryAt: now + wait };
      this.#lanes.set(target, { ...lane, message: failed, stopped });
      return { type: isGone ? "stopped" : "later", message: failed, reason: isGone ? answer.reason : null };
    }
    const isEmpty = lane.waiting.length === 0 && lane.openAlerts.length === 0 && stopped === null;
    const recent = lane.singlesAt.some((at) => at > now - 60_000);
    const pause = stopped === null ? BETWEEN_MESSAGES_MS : STOPPED_FOR_MS;
    if (isEmpty && !recent) this.#lanes.delete(target);
    else this.#lanes.set(target, { ...lane, message: null, freeAt: now + pause, stopped });
    if (answer.type === "delivered") return { type: "delivered", message, reason: null };
    return { type: "given up", message, reason: answer.type === "refused" && !isGone ? answer.reason : "too_old" };
  }

  /** Lets a target go on at once, because somebody saw that it works. */
  resumeTarget(targetId: string, now: number): void {
    const lane = this.#lanes.get(targetId);
    if (lane === undefined || lane.stopped === null) return;
    const message = lane.message === null ? null : { ...lane.message, nextTryAt: now };
    this.#lanes.set(targetId, { ...lane, message, freeAt: now, stopped: null });
  }

  /** Returns how many notes were dropped since the last call, because they were too old or too many. */
  drainDropped(): number {
    const dropped = this.#dropped;
    this.#dropped = 0;
    return dropped;
  }

  /** How many targets are stopped. */
  get stoppedTargets(): number {
    return [...this.#lanes.values()].filter(({ stopped }) => stopped !== null).length;
  }

  /** When the oldest note that is not delivered happened, epoch ms; null = everything is delivered. */
  get oldestUndeliveredAt(): number | null {
    const times = [...this.#lanes.values()].flatMap(
      ({ message, waiting: [next] }) => message?.notes[0]?.addedAt ?? next?.addedAt ?? [],
    );
    return times.length === 0 ? null : Math.min(...times);
  }

  /** When {@link dueMessages} has something to send, epoch ms; null = never. */
  nextWake(): number | null {
    const next = Math.min(Number.POSITIVE_INFINITY, ...[...this.#lanes.values()].map((lane) => this.#dueOf(lane)));
    return Number.isFinite(next) ? next : null;
  }

  /** All that a restart needs, as plain JSON. */
  stored(): { lanes: Lane[] } {
    return { lanes: [...this.#lanes.values()] };
  }

  #withoutOld(lane: Lane, now: number): Lane {
    const kept = dropOldNotes(lane, now);
    this.#dropped += lane.waiting.length - kept.waiting.length;
    return kept;
  }

  #dueOf(lane: Lane): number {
    const { message } = lane;
    if (message === null) return nextMessageAt(lane);
    const attempt = this.#attempts.get(lane.target);
    return attempt === undefined ? message.nextTryAt : attempt + LOST_AFTER_MS;
  }
}

function waitAfter({ failures }: OutboxMessage, answer: DeliveryAnswer, random: number): number {
  const backoff = Math.max(SHORTEST_WAIT_MS, backoffMs(failures, BACKOFF, random));
  const wish = answer.type === "later" ? (answer.retryAfterMs ?? 0) : 0;
  return Math.min(LONGEST_WAIT_MS, Math.max(backoff, wish));
}

function isFor(target: AlertTarget, { alert, rule }: AlertChange): boolean {
  if (rule?.to !== undefined && !rule.to.includes(target.id)) return false;
  if (target.rules !== null && !target.rules.includes(alert.rule)) return false;
  if (target.minSeverity === "critical" && alert.severity !== "critical") return false;
  return target.groups === null || alert.groups.some((group) => target.groups?.includes(group));
}
