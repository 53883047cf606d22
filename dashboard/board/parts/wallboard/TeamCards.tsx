import { groupNames, STATUS_GROUPS, type TeamCounts } from "../../model/team-counts.ts";
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
            {groupNames()
              .filter((group) => counts[group] > 0)
              .map((group) => (
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

function iconOf(group: keyof typeof STATUS_GROUPS): IconName {
  return STATUS_LOOK[STATUS_GROUPS[group][0]].icon;
}
