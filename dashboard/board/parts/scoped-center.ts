import { useMemo } from "react";
import type { CenterQueue } from "../../../protocol/queue.ts";
import type { AgentClient, AgentView } from "../../client/contract.ts";
import { useQueues } from "../../react/use-queues.ts";
import type { ScopedSubjects } from "../model/alert-scope.ts";
import { queuesOf } from "../model/queues.ts";
import { inScope, type ScopeChoice } from "../model/scope.ts";

export interface ScopedCenter {
  scope: ScopedSubjects;
  /** The agents in the scope. */
  scoped: readonly AgentView[];
  /** The queues for which one of them works. */
  queues: readonly CenterQueue[];
}

/** Returns the part of the center that the reader's teams are about. The board and the wallboard show nothing else. */
export function useScopedCenter(client: AgentClient, agents: readonly AgentView[], { teams, groups }: ScopeChoice): ScopedCenter {
  const known = useQueues();
  const chosen = useMemo(() => inScope({ teams, groups }), [teams, groups]);
  const scoped = useMemo(
    () => (chosen.isWhole ? agents : agents.filter((agent) => chosen.hasPath(agent.groups))),
    [agents, chosen],
  );
  const queues = useMemo(() => (chosen.isWhole ? known : queuesOf(known, scoped)), [known, scoped, chosen]);
  const scope = useMemo<ScopedSubjects>(
    () => ({
      scope: chosen,
      pathOf: (agentId) => client.agent(agentId)?.groups,
      knownQueues: new Set(known.map(({ queueId }) => queueId)),
      scopedQueues: new Set(queues.map(({ queueId }) => queueId)),
    }),
    [client, chosen, known, queues],
  );
  return useMemo(() => ({ scope, scoped, queues }), [scope, scoped, queues]);
}
