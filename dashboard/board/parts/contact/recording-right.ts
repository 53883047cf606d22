import { useCenter } from "../../../react/use-center.ts";
import { useBoard } from "../board-context.ts";

/** Returns whether the reader may hear recordings. It only decides what is shown: the hub checks each request by itself. */
export function useMayHear(): boolean {
  const { reader } = useBoard();
  const role = useCenter()?.recordingRole ?? null;
  return role !== null && reader?.rights.roles.includes(role) === true;
}
