/**
 * How a bus treats events by chance. A real one has all of this at once: AWS services send events best effort and in no order, and
 * EventBridge delivers at least once, at times hours later ("Level of service" and "How EventBridge retries delivering events" in its
 * user guide, read 2026-11-26).
 */
export interface DeliveryConditions {
  /** Returns a number in [0, 1). A source with a seed makes the same faults at each run. */
  random: () => number;
  /** The share of events that are lost. */
  lost: number;
  /** The share of events that come twice, each time with a delay of its own. */
  repeated: number;
  /** The usual delay in ms. Different delays change the order of events. */
  delayMs: readonly [min: number, max: number];
  /** The share of deliveries that come late, and their delay in ms. */
  late: number;
  lateMs: readonly [min: number, max: number];
}

/** Returns the delay of each delivery of one event, ms. An event that is lost has none. */
export function drawDeliveries(conditions: DeliveryConditions): number[] {
  const { random, lost, repeated, late } = conditions;
  if (random() < lost) return [];
  const times = random() < repeated ? 2 : 1;
  return Array.from({ length: times }, () => {
    const [min, max] = random() < late ? conditions.lateMs : conditions.delayMs;
    return Math.round(min + (max - min) * random());
  });
}
