import { randomUUID } from "node:crypto";
import { type DeliveryConditions, drawDeliveries } from "./event-bridge-conditions.ts";
import { type EventPattern, matchesPattern } from "./event-bridge-pattern.ts";

/** An EventBridge bus and its rules in this process. */
export interface LocalEventBridge {
  /**
   * Accepts an event of an AWS service and fills in the other fields of the envelope.
   * @returns the names of the rules that match
   * @throws RangeError above 256 KB
   */
  putEvent(event: BusEvent): string[];
  faults: EventBridgeFaults;
  /** Stops the schedules and drops delayed events. */
  close(): void;
}

export interface BusEvent {
  source: string;
  "detail-type": string;
  detail: object;
  resources?: readonly string[];
  /** Epoch ms. The current time unless set. */
  time?: number;
}

export interface EventRule {
  name: string;
  functionName: string;
  /** A rule has a pattern, an interval in milliseconds, or both. */
  pattern?: EventPattern;
  everyMs?: number;
  /** The function gets this instead of the event. */
  input?: unknown;
}

/** Faults to order. AWS services send events best effort and in no order. */
export class EventBridgeFaults {
  /** The bus loses this many of the next events. */
  drop = 0;
  /** The bus delivers this many of the next events twice. */
  repeat = 0;
  /** Delays the events from now on. A change between two events can swap them. */
  delayMs = 0;
  /** What happens to the events of `putEvent` by chance. Schedules are not affected. null = nothing. */
  conditions: DeliveryConditions | null = null;
}

export interface EventBridgeOptions {
  rules: readonly EventRule[];
  /** Invokes the function asynchronously. */
  invokeLater: (functionName: string, event: unknown) => void;
}

/** 256 KB: the largest entry. */
const MAX_EVENT_BYTES = 256 * 1024;
const ACCOUNT = "111122223333";
const REGION = "us-east-1";

export function startEventBridge({ rules, invokeLater }: EventBridgeOptions): LocalEventBridge {
  const faults = new EventBridgeFaults();
  const delayed = new Set<NodeJS.Timeout>();

  const deliver = (rule: EventRule, event: object, delayMs: number): void => {
    const input = rule.input ?? event;
    if (delayMs === 0) {
      invokeLater(rule.functionName, input);
      return;
    }
    const timer = setTimeout(() => {
      delayed.delete(timer);
      invokeLater(rule.functionName, input);
    }, delayMs);
    delayed.add(timer);
  };
  const schedules = rules.flatMap((rule) => {
    if (rule.everyMs === undefined) return [];
    const resources = [`arn:aws:events:${REGION}:${ACCOUNT}:rule/${rule.name}`];
    const tick = (): void =>
      deliver(rule, envelope({ source: "aws.events", "detail-type": "Scheduled Event", detail: {}, resources }), faults.delayMs);
    return [setInterval(tick, rule.everyMs)];
  });

  return {
    putEvent: (event) => {
      const whole = envelope(event);
      const bytes = Buffer.byteLength(JSON.stringify(whole));
      if (bytes > MAX_EVENT_BYTES)
        throw new RangeError(`putEvent: the event has ${bytes} bytes. The limit of EventBridge is 256 KB.`);
      const matching = rules.filter((rule) => rule.pattern !== undefined && matchesPattern(rule.pattern, whole));
      if (faults.drop > 0) {
        faults.drop -= 1;
        return matching.map((rule) => rule.name);
      }
      const orders = faults.repeat > 0 ? 2 : 1;
      faults.repeat = Math.max(0, faults.repeat - 1);
      for (const rule of matching) {
        const delays = faults.conditions === null ? [0] : drawDeliveries(faults.conditions);
        for (let count = 0; count < orders; count += 1) for (const delay of delays) deliver(rule, whole, faults.delayMs + delay);
      }
      return matching.map((rule) => rule.name);
    },
    faults,
    close: () => {
      for (const schedule of schedules) clearInterval(schedule);
      for (const timer of delayed) clearTimeout(timer);
      delayed.clear();
    },
  };
}

function envelope({ source, detail, resources = [], time = Date.now(), "detail-type": detailType }: BusEvent): object {
  return {
    version: "0",
    id: randomUUID(),
    "detail-type": detailType,
    source,
    account: ACCOUNT,
    time: new Date(time).toISOString().replace(/\.\d+Z$/, "Z"),
    region: REGION,
    resources,
    detail,
  };
}
