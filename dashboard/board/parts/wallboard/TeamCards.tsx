import { STATUS_ORDER } from "../../model/status-order.ts";
import { STATUS_TILES, type StatusTile, TILE_OF } from "../../model/summary.ts";
import type { TeamCounts } from "../../model/team-counts.ts";
import { useText } from "../board-context.ts";
import type { IconName } from "../Icon.tsx";
import { Icon } from "../Icon.tsx";
import { STATUS_LOOK } from "../status-look.ts";
import { GROUP_TONE } from "./StatusLine.tsx";

interface TeamCardsProps {
  teams: readonly TeamCounts[];
  columns: number;
}

/** The calm of a large center as counts: one card for each team. */
export function TeamCards({ teams, columns }: TeamCardsProps) {
  const text = useText();
  return (
    <ul
      className="vg-wb-teams"
      aria-label={text.text("wallboard.teams")}
      style={{ gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` }}
    >
      {teams.map(({ name, total, counts }) => (
        <li key={name} data-team={name}>
          <p>
            <b>{name === "" ? text.text("wallboard.noTeam") : name}</b> <span>{text.number(total)}</span>
          </p>
          <p>
            {STATUS_TILES.filter((group) => counts[group] > 0).map((group) => (
              <span key={group} data-tone={GROUP_TONE[group]}>
                <Icon name={iconOf(group)} />
                {text.number(counts[group])}
                <span className="vg-hidden"> {text.count(`wallboard.${group}`, counts[group])}</span>
              </span>
            ))}
          </p>
        </li>
      ))}
    </ul>
  );
}

/** A count of several statuses has the icon of the first one. */
function iconOf(tile: StatusTile): IconName {
  const status = STATUS_ORDER.find((one) => TILE_OF[one] === tile) ?? "offline";
  return STATUS_LOOK[status].icon;
}
