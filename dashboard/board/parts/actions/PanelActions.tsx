import { lazy, Suspense } from "react";
import type { AgentView } from "../../../client/contract.ts";
import { useBoard } from "../board-context.ts";

/** Only supervisors need it, so it is loaded with the first panel of one. */
const AgentActions = lazy(() => import("./AgentActions.tsx").catch(() => ({ default: NoActions })));

/** The actions in an agent's panel. Nothing for a reader who may not act. */
export function PanelActions({ agent, contactId }: { agent: AgentView | undefined; contactId: string | null }) {
  const { reader } = useBoard();
  if (agent === undefined || !reader?.actions) return null;
  return (
    <Suspense>
      <AgentActions agent={agent} contactId={contactId} actions={reader.actions} permitted={reader.rights.actions} />
    </Suspense>
  );
}

/** A page that is older than the newest deployment finds no part of its own any more. */
function NoActions() {
  const { text } = useBoard();
  return (
    <p className="vg-empty" role="status">
      {text.text("actions.missing")}
    </p>
  );
}
