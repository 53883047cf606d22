import { urgency } from "./alert-levels.ts";
import type { AlertsByAgent } from "./alerts-by-agent.ts";

/** Why a row has its place in the order of attention. */
export interface AttentionPlace {
  /** 0 = an open critical alert, 1 = an open warning. */
  readonly level: 0 | 1;
  /** Since when the row needs a hand, epoch milliseconds. It stays while the row needs one. */
  readonly since: number;
  /** Since when the row is less urgent than its place, epoch milliseconds; null = it is not. */
  readonly calmerSince: number | null;
}

/** The places of the agents that need a hand. All others are calm. */
export type Attention = ReadonlyMap<string, AttentionPlace>;

/**
 * Milliseconds that a row keeps its place after its alert has eased to a warning. A customer whose sentiment swings around the
 * critical limit would make the row jump otherwise. The queues' tiles wait as long.
 */
const STAY_MS = 30_000;

/**
 * Returns the places: a row rises at once, and sinks among the rows that need a hand after {@link STAY_MS}. It leaves them at
 * once, so that their number is that of the rows with open alerts. Returns `before` if nothing has changed.
 */
export function attentionOf(alerts: AlertsByAgent, before: Attention, now: number): Attention {
  const places = new Map<string, AttentionPlace>();
  for (const [agentId, list] of alerts) {
    const level = urgency(list);
    if (level === 2) continue;
    places.set(agentId, placeOf(level, openSince(list), before.get(agentId), now));
  }
  const isSame = places.size === before.size && [...places].every(([agentId, place]) => place === before.get(agentId));
  return isSame ? before : places;
}

function placeOf(level: 0 | 1, since: number, before: AttentionPlace | undefined, now: number): AttentionPlace {
  if (before === undefined) return { level, since, calmerSince: null };
  if (level > before.level) {
    const calmerSince = before.calmerSince ?? now;
    if (now - calmerSince < STAY_MS) return before.calmerSince === null ? { ...before, calmerSince } : before;
  }
  return level === before.level && before.calmerSince === null ? before : { level, since: before.since, calmerSince: null };
}

function openSince(alerts: NonNullable<ReturnType<AlertsByAgent["get"]>>): number {
  return alerts.reduce(
    (first, { acknowledged, since }) => (acknowledged ? first : Math.min(first, since)),
    Number.POSITIVE_INFINITY,
  );
}
