import type { AlertRule } from "../../../protocol/alert-rules.ts";
import type { CenterQueue } from "../../../protocol/queue.ts";
import { folded } from "./search.ts";

/** The share that most centers want to answer within the target time ("80 in 20"). For a center without a rule about it. */
const USUAL_GOAL = 0.8;

/**
 * Returns the goal of a queue's service level, a share from 0 to 1: the limit below which the center's rules warn. A rule that names
 * the queue wins over one for all queues. The board does not know the teams of a queue, so rules for teams are left out.
 * @param queue null = all queues together
 */
export function serviceLevelGoal(rules: readonly AlertRule[], queue: Pick<CenterQueue, "queueId" | "name"> | null): number {
  const names = queue === null ? [] : [folded(queue.name), folded(queue.queueId)];
  const goals = rules.flatMap((rule) => {
    if (rule.watch !== "queueServiceLevel" || !rule.enabled || rule.groups !== undefined) return [];
    const goal = rule.warning ?? rule.critical;
    return goal === undefined ? [] : [{ goal, queues: rule.queues?.map((name) => folded(name.trim())) ?? null }];
  });
  const own = goals.find(({ queues }) => queues?.some((name) => names.includes(name)) === true);
  return (own ?? goals.find(({ queues }) => queues === null))?.goal ?? USUAL_GOAL;
}
