import type { TeamFigures } from "../../model/day/team-figures.ts";
import { useText } from "../board-context.ts";
import { Icon } from "../Icon.tsx";
import { STATUS_LOOK } from "../status-look.ts";
import { figureWords } from "./figure-words.ts";

/** What a heading says of its team: how many agents are in each status, and the figures of the day. */
export function TeamHeading({ figures }: { figures: TeamFigures }) {
  const text = useText();
  return (
    <span className="vg-team-figures">
      {figures.statuses.map(({ status, count }) => (
        <span key={status} className="vg-team-count" data-tone={STATUS_LOOK[status].tone} title={text.text(`status.${status}`)}>
          <Icon name={STATUS_LOOK[status].icon} />
          <span className="vg-hidden">{text.text(`status.${status}`)}: </span>
          {text.number(count)}
        </span>
      ))}
      {figures.today !== null && <span className="vg-team-day-words">{figureWords(figures.today, text)}</span>}
    </span>
  );
}
