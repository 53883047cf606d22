import type { CenterQueue } from "../../../../protocol/queue.ts";
import { serviceLevelGoal } from "../../model/service-level-goal.ts";
import { useBoard } from "../board-context.ts";

/** Returns the goal of a queue's service level, a share from 0 to 1. null = of all queues together. */
export function useServiceLevelGoal(queue: Pick<CenterQueue, "queueId" | "name"> | null): number {
  const { rules } = useBoard();
  return serviceLevelGoal(rules.rules, queue);
}
