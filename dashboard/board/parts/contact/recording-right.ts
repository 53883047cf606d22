import { useCenter } from "../../../react/use-center.ts";
import { useBoard } from "../board-context.ts";

/** Returns whether the reader may hear recordings. It only decides what is shown: the hub checks each request by itself. */
export function useMayHear(): boolean {
  const { rules } = useBoard();
  const role = useCenter()?.recordingRole ?? null;
  return role !== null && rules.roles?.includes(role) === true;
}
