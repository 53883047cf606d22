import { useBoard } from "../board-context.ts";
import { latePart } from "../late-part.tsx";

const ActionLayer = latePart("tools", () => import("./ActionLayer.tsx"));

/** Shows what lies over the board for a reader who may act. */
export function BoardActionLayer({ openAgentId, onOpen }: { openAgentId: string | null; onOpen: (agentId: string) => void }) {
  const { reader } = useBoard();
  if (!reader?.actions) return null;
  return <ActionLayer actions={reader.actions} permitted={reader.rights.actions} openAgentId={openAgentId} onOpen={onOpen} />;
}
