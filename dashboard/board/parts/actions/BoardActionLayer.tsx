import { lazy, type ReactNode, Suspense } from "react";
import { useBoard } from "../board-context.ts";

const ActionLayer = lazy(() => import("./ActionLayer.tsx").catch(() => ({ default: NoLayer })));

/** Loads what lies over the board for a reader who may act. */
export function BoardActionLayer({ openAgentId, onOpen }: { openAgentId: string | null; onOpen: (agentId: string) => void }) {
  const { reader } = useBoard();
  if (!reader?.actions) return null;
  return (
    <Suspense>
      <ActionLayer actions={reader.actions} permitted={reader.rights.actions} openAgentId={openAgentId} onOpen={onOpen} />
    </Suspense>
  );
}

/** A page that is older than the newest deployment finds no part of its own any more. Its panels say so. */
function NoLayer(): ReactNode {
  return null;
}
