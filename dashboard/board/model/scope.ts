import { isWithin, type TeamPath } from "./team-path.ts";

/** The part of the center that the reader looks at. Rows, counts, queues, bell, title, sound and wallboard all ask this. */
export interface Scope {
  /** True if the scope is the whole center. */
  readonly isWhole: boolean;
  /** Whether an agent, or something of an agent, with these hierarchy levels is in the scope. */
  hasPath(path: TeamPath): boolean;
  /** Whether something that several teams share may be in the scope. `groups` has the levels of all of them, in any order. */
  mayHave(groups: readonly string[]): boolean;
}

export interface ScopeChoice {
  /** The reader's teams. None = all. A team has all that is below it. */
  teams: readonly TeamPath[];
  /** Names of hierarchy levels, at any place of a path, as links of earlier versions have them. None = all. */
  groups: readonly string[];
}

/** Returns the scope that is in one of the teams, and in one of the groups. */
export function inScope({ teams, groups }: ScopeChoice): Scope {
  const names = new Set(groups);
  const inGroups = (levels: readonly string[]) => names.size === 0 || levels.some((level) => names.has(level));
  return {
    isWhole: teams.length === 0 && groups.length === 0,
    hasPath: (path) => inGroups(path) && (teams.length === 0 || teams.some((team) => isWithin(path, team))),
    mayHave: (levels) =>
      inGroups(levels) && (teams.length === 0 || teams.some((team) => team.every((level) => levels.includes(level)))),
  };
}

/**
 * Returns the teams that count now: those of the view (a link), else the reader's own. A link with groups, from an earlier
 * version, shows what it showed then.
 */
export function chosenTeams(
  { teams, groups }: { teams: readonly TeamPath[] | null; groups: readonly string[] },
  own: readonly TeamPath[],
): readonly TeamPath[] {
  return teams ?? (groups.length > 0 ? [] : own);
}
