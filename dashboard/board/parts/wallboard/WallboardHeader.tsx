import { useMemo } from "react";
import type { Connection } from "../../../client/contract.ts";
import { teamName } from "../../model/team-path.ts";
import type { View } from "../../model/view.ts";
import { WallboardClock } from "../../model/wall-clock.ts";
import { useText, useTick } from "../board-context.ts";
import { ConnectionPill } from "../ConnectionPill.tsx";

interface WallboardHeaderProps {
  title: string;
  view: View;
  connection: Connection;
  /** The center's; null = the browser's own. */
  timeZone: string | null;
}

/** Which center and which teams this is, whether it is live, and the time. */
export function WallboardHeader({ title, view, connection, timeZone }: WallboardHeaderProps) {
  const text = useText();
  const clock = useMemo(() => new WallboardClock(text.locale, timeZone), [text, timeZone]);
  const [time = "", date = "", zone = ""] = useTick((now) => {
    const words = clock.read(now);
    return [words.time, words.date, words.zone ?? ""].join("\n");
  }).split("\n");
  const search = view.search.trim();
  const scope = [
    view.teams !== null && view.teams.length > 0 && text.list(view.teams.map(teamName)),
    view.groups.length > 0 && text.list(view.groups),
    view.queues.length > 0 && text.list(view.queues),
    view.statuses.length > 0 && text.list(view.statuses.map((status) => text.text(`status.${status}`))),
    search !== "" && text.text("wallboard.search", { words: search }),
  ].filter((words) => words !== false);
  return (
    <header className="vg-wb-header">
      <h1>
        {title}
        {scope.length > 0 && (
          <>
            {title !== "" && " · "}
            <span className="vg-wb-scope">{scope.join(" · ")}</span>
          </>
        )}
      </h1>
      <ConnectionPill connection={connection} paused={false} />
      <p className="vg-wb-date">
        {date}
        {zone !== "" && ` · ${zone}`}
      </p>
      <p className="vg-wb-clock">
        <time>{time}</time>
      </p>
    </header>
  );
}
