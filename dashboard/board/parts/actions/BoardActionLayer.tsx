import { type ComponentType, lazy, Suspense } from "react";
import { useBoard } from "../board-context.ts";
import type { ActionLayerProps } from "./ActionLayer.tsx";

const ActionLayer = lazy<ComponentType<ActionLayerProps>>(() => import("./ActionLayer.tsx").catch(() => ({ default: NoLayer })));

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
function NoLayer() {
  return null;
}
