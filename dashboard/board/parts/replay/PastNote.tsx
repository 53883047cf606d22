import { useContext, useSyncExternalStore } from "react";
import { BoardContext, type BoardEnvironment } from "../board-context.ts";

/** Says of which moment the content of a panel is, because a panel may cover the bar that says so. Nothing on a live board. */
export function PastNote() {
  const board = useContext(BoardContext);
  return board?.isPast === true && <PastMoment board={board} />;
}

function PastMoment({ board: { clock, text } }: { board: BoardEnvironment }) {
  const at = useSyncExternalStore(clock.subscribe, clock.now, clock.now);
  return <p className="vg-past-note">{text.text("replay.asOf", { time: text.time(at) })}</p>;
}
