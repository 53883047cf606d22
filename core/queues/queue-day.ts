import type { QueueDay, QueueQuarter } from "../../protocol/queue.ts";
import { countUpTo, type QuarterRecord } from "./quarter.ts";

/**
 * Which formula counts the service level. `removed` is that of Amazon Connect (administrator guide, metrics definitions, read
 * 2026-11): contacts that were answered, abandoned or took a callback within the target, of all that were queued. `answered`:
 * contacts that were answered within the target, of those answered or abandoned after the target.
 */
export const SERVICE_LEVEL_FORMULAS = ["removed", "answered"] as const;
export type ServiceLevelFormula = (typeof SERVICE_LEVEL_FORMULAS)[number];

/** Sums up quarters of one queue. */
export function queueDay(quarters: Iterable<QuarterRecord>, serviceLevelSeconds: number, formula: ServiceLevelFormula): QueueDay {
  const targetMs = serviceLevelSeconds * 1000;
  const sum = { queued: 0, answered: 0, abandoned: 0, callbacks: 0, withinTarget: 0 };
  let [lateAbandoned, answerMs, longest] = [0, 0, -1];
  for (const quarter of quarters) {
    sum.queued += quarter.queued;
    sum.answered += quarter.answered.length;
    sum.abandoned += quarter.abandoned.length;
    sum.callbacks += quarter.callback.length;
    sum.withinTarget += withinTarget(quarter, targetMs, formula);
    lateAbandoned += quarter.abandoned.length - countUpTo(quarter.abandoned, targetMs);
    for (const wait of quarter.answered) answerMs += wait;
    for (const list of [quarter.answered, quarter.abandoned, quarter.callback, quarter.moved, quarter.unreached])
      longest = Math.max(longest, list.at(-1) ?? -1);
  }
  const counted = formula === "removed" ? sum.queued : sum.answered + lateAbandoned;
  return {
    ...sum,
    serviceLevel: counted === 0 ? null : Math.round((sum.withinTarget / counted) * 10_000) / 10_000,
    averageAnswerMs: sum.answered === 0 ? null : Math.round(answerMs / sum.answered),
    longestWaitMs: longest < 0 ? null : longest,
  };
}

/** One quarter as viewers get it. `from` is its beginning, epoch ms. */
export function publicQuarter(
  from: number,
  quarter: QuarterRecord,
  serviceLevelSeconds: number,
  formula: ServiceLevelFormula,
): QueueQuarter {
  return {
    from,
    queued: quarter.queued,
    answered: quarter.answered.length,
    abandoned: quarter.abandoned.length,
    callbacks: quarter.callback.length,
    withinTarget: withinTarget(quarter, serviceLevelSeconds * 1000, formula),
  };
}

function withinTarget({ answered, abandoned, callback }: QuarterRecord, targetMs: number, formula: ServiceLevelFormula): number {
  const inTime = countUpTo(answered, targetMs);
  return formula === "answered" ? inTime : inTime + countUpTo(abandoned, targetMs) + countUpTo(callback, targetMs);
}
