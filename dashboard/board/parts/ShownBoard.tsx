import type { ReactNode } from "react";
import type { AgentClient } from "../../client/contract.ts";
import { ShownClientProvider } from "../../react/provider.tsx";
import { BoardContext, type BoardEnvironment } from "./board-context.ts";

interface ShownBoardProps {
  /** The client whose rows are shown: the live one, or that of the past. */
  client: AgentClient;
  board: BoardEnvironment;
  children: ReactNode;
}

/** Gives every part below it the board that is shown. */
export function ShownBoard({ client, board, children }: ShownBoardProps) {
  return (
    <ShownClientProvider client={client}>
      <BoardContext.Provider value={board}>{children}</BoardContext.Provider>
    </ShownClientProvider>
  );
}
