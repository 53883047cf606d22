import type { ReplaySession, ReplayState } from "../../../client/replay/replay-session.ts";
import { useText } from "../board-context.ts";
import { Icon } from "../Icon.tsx";

/** Says why the moment is not shown, and what the reader can do. A screen reader hears it. */
export function ReplayProblemLine({ session, state }: { session: ReplaySession; state: ReplayState }) {
  const text = useText();
  const { problem, keptSince, ended } = state;
  const isOlder = problem === "not_kept" && keptSince !== null;
  const words = ended ? text.text("replay.ended") : problem === null ? "" : text.text(`replay.problem.${problem}`);
  return (
    <div className="vg-replay-problem" role="status" data-bad={problem !== null || undefined}>
      {problem !== null && <Icon name="warning" />}
      {isOlder ? text.text("replay.problem.not_kept_since", { time: text.dateTime(keptSince) }) : words}
      {isOlder && (
        <button type="button" className="vg-button" onClick={() => session.seek(keptSince)}>
          {text.text("replay.oldest")}
        </button>
      )}
    </div>
  );
}
