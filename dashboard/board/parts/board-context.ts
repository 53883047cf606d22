import { createContext, useContext, useSyncExternalStore } from "react";
import type { RulesAnswer } from "../model/rules-answer.ts";
import { createText, type Text } from "../text/text.ts";
import type { BoardReader } from "./actions/reader-rights.ts";
import type { BoardClock } from "./board-clock.ts";

/** Shared by every part of one board. Its value changes rarely, because each change renders all rows. */
export interface BoardEnvironment {
  clock: BoardClock;
  text: Text;
  /** The rules of the center's alerts. */
  rules: RulesAnswer;
  /** The board shows the past, and its clock is the moment that is shown. */
  isPast?: boolean | undefined;
  /** What the reader may do; absent = nothing. */
  reader?: BoardReader;
}

export const BoardContext = createContext<BoardEnvironment | null>(null);

export function useBoard(): BoardEnvironment {
  const board = useContext(BoardContext);
  if (board === null) throw new Error("A part of the board rendered outside <AgentBoard>. Render it inside one.");
  return board;
}

let english: Text | undefined;

/** Returns the texts of the board, and English texts outside a board. */
export function useText(): Text {
  const board = useContext(BoardContext);
  if (board !== null) return board.text;
  english ??= createText("en");
  return english;
}

/** Computes a value from the hub's time once a second. The component renders only when the value changes. */
export function useTick<Value extends string | number | boolean | null>(read: (now: number) => Value): Value {
  const { clock } = useBoard();
  const get = () => read(clock.now());
  return useSyncExternalStore(clock.subscribe, get, get);
}
