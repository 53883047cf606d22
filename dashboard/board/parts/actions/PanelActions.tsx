import type { AgentView } from "../../../client/contract.ts";
import { useBoard } from "../board-context.ts";
import { latePart } from "../late-part.tsx";

const AgentActions = latePart("tools", () => import("./AgentActions.tsx"));

/** The actions in an agent's panel. Nothing for a reader who may not act. */
export function PanelActions({ agent, contactId }: { agent: AgentView | undefined; contactId: string | null }) {
  const { reader } = useBoard();
  if (agent === undefined || !reader?.actions) return null;
  return <AgentActions agent={agent} contactId={contactId} actions={reader.actions} permitted={reader.rights.actions} />;
}
