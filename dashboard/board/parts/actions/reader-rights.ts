import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { AgentClient } from "../../../client/contract.ts";
import { NO_RIGHTS, type ReaderRights, readRights, sameRights } from "../../model/actions/reader-rights.ts";
import { BoardActions, newActionId } from "./board-actions.ts";

/** What the board knows of its reader. */
export interface BoardReader {
  readonly rights: ReaderRights;
  /** null = the reader may do nothing, so the board has no button for it. */
  readonly actions: BoardActions | null;
}

/**
 * Asks the hub what the reader may do: with the first connection, with each later one if the reader may do something, and after a
 * refusal. Without an answer the reader may do nothing.
 * @param isAsking false = nobody can act here, or there is no connection
 */
export function useBoardReader(client: AgentClient, isAsking: boolean): BoardReader {
  const [rights, setRights] = useState(NO_RIGHTS);
  const isAnswered = useRef<AgentClient | null>(null);
  const mayAct = rights.actions.size > 0;
  const reload = useCallback(async () => {
    const { status, body } = await client.ask({ method: "GET", resource: "me" });
    // Whether the hub answered at all. A broken connection takes no button away: the hub decides anyway.
    if (status === 0 || status >= 500) return;
    isAnswered.current = client;
    const read = (status === 200 ? readRights(body) : null) ?? NO_RIGHTS;
    setRights((before) => (sameRights(before, read) ? before : read));
  }, [client]);
  const mayActBefore = useRef(mayAct);
  mayActBefore.current = mayAct;
  useEffect(() => {
    if (isAsking && (isAnswered.current !== client || mayActBefore.current)) void reload();
  }, [client, isAsking, reload]);
  const actions = useMemo(() => {
    const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
    return new BoardActions({ ask: client.ask, onRefused: () => void reload(), newId: newActionId, sleep });
  }, [client, reload]);
  return useMemo(() => ({ rights, actions: mayAct ? actions : null }), [rights, mayAct, actions]);
}
