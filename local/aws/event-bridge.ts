import { randomUUID } from "node:crypto";
import { type EventPattern, matchesPattern } from "./event-bridge-pattern.ts";

/** An EventBridge bus and its rules, in this process. */
export interface LocalEventBridge {
  /**
   * Puts an event as an AWS service does; the envelope's other fields are filled in. Returns the names of the rules that match.
   * Throws a RangeError above 256 KB.
   */
  putEvent(event: BusEvent): string[];
  faults: EventBridgeFaults;
  /** Stops the schedules; delayed events are dropped. */
  close(): void;
}

export interface BusEvent {
  source: string;
  "detail-type": string;
  detail: object;
  resources?: readonly string[];
  /** Epoch ms; now unless set. */
  time?: number;
}

export interface EventRule {
  name: string;
  functionName: string;
  /** Which events, or how often (milliseconds), or both. */
  pattern?: EventPattern;
  everyMs?: number;
  /** What the function gets instead of the event. */
  input?: unknown;
}

/** What is to go wrong: events from AWS services are best effort and unordered. */
export class EventBridgeFaults {
  /** The next so many events are lost. */
  drop = 0;
  /** The next so many events arrive twice. */
  repeat = 0;
  /** Events arrive so much late; changed between two events, it changes their order. */
  delayMs = 0;
}

export interface EventBridgeOptions {
  rules: readonly EventRule[];
  /** Starts the function asynchronously. */
  invokeLater: (functionName: string, event: unknown) => void;
}

/** 256 KB: the largest entry. */
const MAX_EVENT_BYTES = 256 * 1024;
const ACCOUNT = "111122223333";
const REGION = "us-east-1";

export function startEventBridge({ rules, invokeLater }: EventBridgeOptions): LocalEventBridge {
  const faults = new EventBridgeFaults();
  const delayed = new Set<NodeJS.Timeout>();

  const deliver = (rule: EventRule, event: object): void => {
    const input = rule.input ?? event;
    if (faults.delayMs === 0) {
      invokeLater(rule.functionName, input);
      return;
    }
    const timer = setTimeout(() => {
      delayed.delete(timer);
      invokeLater(rule.functionName, input);
    }, faults.delayMs);
    delayed.add(timer);
  };
  const schedules = rules.flatMap((rule) => {
    if (rule.everyMs === undefined) return [];
    const resources = [`arn:aws:events:${REGION}:${ACCOUNT}:rule/${rule.name}`];
    const tick = (): void =>
      deliver(rule, envelope({ source: "aws.events", "detail-type": "Scheduled Event", detail: {}, resources }));
    return [setInterval(tick, rule.everyMs)];
  });

  return {
    putEvent: (event) => {
      const whole = envelope(event);
      const bytes = Buffer.byteLength(JSON.stringify(whole));
      if (bytes > MAX_EVENT_BYTES) throw new RangeError(`an event of ${bytes} bytes is above 256 KB`);
      const matching = rules.filter((rule) => rule.pattern !== undefined && matchesPattern(rule.pattern, whole));
      if (faults.drop > 0) {
        faults.drop -= 1;
        return matching.map((rule) => rule.name);
      }
      const times = faults.repeat > 0 ? 2 : 1;
      faults.repeat = Math.max(0, faults.repeat - 1);
      for (const rule of matching) for (let count = 0; count < times; count += 1) deliver(rule, whole);
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
