import { useMemo, useState } from "react";
import type { AgentView } from "../../client/contract.ts";
import { matches, wordsOf } from "../model/search.ts";
import { isWithin, type TeamChoice, type TeamPath, teamChoices, teamName, toggledTeam } from "../model/team-path.ts";
import type { Text } from "../text/text.ts";
import { useText } from "./board-context.ts";
import { Menu } from "./Menu.tsx";

/** With more teams than this, the list has a search of its own. */
const SEARCH_ABOVE = 12;

interface TeamPickerProps {
  /** All agents whom the reader may see. */
  agents: readonly AgentView[];
  teams: readonly TeamPath[];
  onTeams: (teams: readonly TeamPath[]) => void;
}

/** Chooses the teams that the whole board is about. Shows nothing in a center without teams. */
export function TeamPicker({ agents, teams, onTeams }: TeamPickerProps) {
  const text = useText();
  const [search, setSearch] = useState("");
  const choices = useMemo(() => teamChoices(agents, teams, text.compare), [agents, teams, text]);
  if (choices.length === 0) return null;
  const words = wordsOf(search);
  const found = choices.filter(({ path }) => matches(words, path));
  return (
    <div className="vg-teams">
      <Menu
        label={text.text(teams.length === 0 ? "teams.all" : "teams.mine")}
        icon="people"
        active={teams.length > 0}
        {...(teams.length === 0 ? {} : { value: chosenTeamWords(teams, text) })}
      >
        <fieldset className="vg-choices">
          <legend>{text.text("teams.mine")}</legend>
          {choices.length > SEARCH_ABOVE && (
            <input
              type="search"
              className="vg-team-search"
              aria-label={text.text("teams.search")}
              placeholder={text.text("teams.search")}
              value={search}
              onChange={(event) => setSearch(event.target.value)}
            />
          )}
          {found.map((choice) => (
            <TeamBox key={choice.key} choice={choice} teams={teams} onTeams={onTeams} />
          ))}
        </fieldset>
        {teams.length > 0 && (
          <button type="button" className="vg-button" onClick={() => onTeams([])}>
            {text.text("teams.all")}
          </button>
        )}
      </Menu>
    </div>
  );
}

function TeamBox({ choice: { path, agents }, teams, onTeams }: Omit<TeamPickerProps, "agents"> & { choice: TeamChoice }) {
  const text = useText();
  const isIncluded = teams.some((team) => team.length < path.length && isWithin(path, team));
  const isChosen = isIncluded || teams.some((team) => team.length === path.length && isWithin(path, team));
  const name = teamName(path);
  return (
    <label data-depth={Math.min(path.length, 4)}>
      <input
        type="checkbox"
        // The level above has it. It can be left out only with that level.
        disabled={isIncluded}
        checked={isChosen}
        aria-label={name}
        onChange={() => onTeams(toggledTeam(teams, path))}
      />
      <span>{name}</span>
      <span className="vg-count">{text.number(agents)}</span>
    </label>
  );
}

/** The chosen teams in few words, for example `México · Ventas, Soporte +2`. */
function chosenTeamWords(teams: readonly TeamPath[], text: Text): string {
  const shown = teams.slice(0, 2).map(teamName).join(", ");
  return teams.length > 2 ? `${shown} +${text.number(teams.length - 2)}` : shown;
}
