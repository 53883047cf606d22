import type { AgentStatus } from "../../../protocol/agent.ts";
import type { CenterQueue } from "../../../protocol/queue.ts";
import type { AgentView } from "../../client/contract.ts";
import { worksFor } from "./queues.ts";
import { STATUS_ORDER } from "./status-order.ts";

export interface StaffGroup {
  status: AgentStatus;
  /** By name. */
  agents: readonly AgentView[];
}

/** Those who could answer first, then those who soon will. */
const ORDER: readonly AgentStatus[] = [
  "available",
  "ringing",
  ...STATUS_ORDER.filter((status) => status !== "available" && status !== "ringing" && status !== "offline"),
];

/** Returns the signed-in agents of a queue by their status, without empty groups. */
export function staffOf(
  queue: CenterQueue,
  agents: readonly AgentView[],
  compare: (a: string, b: string) => number,
): readonly StaffGroup[] {
  const staff = agents.filter((agent) => worksFor(agent, queue.name, queue.profiles));
  return ORDER.map((status) => ({
    status,
    agents: staff.filter((agent) => agent.status === status).sort((a, b) => compare(a.name, b.name)),
  })).filter((group) => group.agents.length > 0);
}
