import type { AgentView } from "../../client/contract.ts";

/** The names of the hierarchy levels from the top down, for example `["México", "Ventas"]`. */
export type TeamPath = readonly string[];

/** Between the levels of a path in an address. A level that has the character itself gets a backslash before it. */
const SEPARATOR = "/";

/** An agent keeps its path while other fields change, so that the keys of 2,000 agents are written once. */
const keys = new WeakMap<TeamPath, string>();

/** Writes a path as one text, for example `México/Ventas`. Different paths have different texts. */
export function teamKey(path: TeamPath): string {
  const before = keys.get(path);
  if (before !== undefined) return before;
  const key = path.map((level) => level.replace(/[\\/]/g, "\\$&")).join(SEPARATOR);
  keys.set(path, key);
  return key;
}

/** Reads what {@link teamKey} wrote. Levels without a name are left out. */
export function teamPathOf(key: string): TeamPath {
  const levels = [""];
  const add = (text: string) => levels.push(`${levels.pop() ?? ""}${text}`);
  for (const [piece] of key.matchAll(/\\.|\/|[^\\/]+|\\$/gsu)) {
    if (piece === SEPARATOR) levels.push("");
    else add(piece.startsWith("\\") && piece.length > 1 ? piece.slice(1) : piece);
  }
  return levels.filter((level) => level !== "");
}

/** Whether `path` is the team itself or a part of it. Names are compared whole. */
export function isWithin(path: TeamPath, team: TeamPath): boolean {
  return team.length > 0 && team.length <= path.length && team.every((level, index) => level === path[index]);
}

/**
 * Returns the path as one name, for example `México · Ventas`. A level whose name the next level begins with as a whole word
 * (`Ventas`, `Ventas MX`) is left out.
 */
export function teamName(path: TeamPath): string {
  return path.filter((level, index) => !repeats(path[index + 1], level)).join(" · ");
}

function repeats(next: string | undefined, level: string): boolean {
  return next?.startsWith(level) === true && !/^[\p{L}\p{N}]/u.test(next.slice(level.length));
}

/** One team of the center, or several below one level. */
export interface TeamChoice {
  key: string;
  path: TeamPath;
  /** Agents in it and below it. */
  agents: number;
}

/** Returns all teams and the levels above them, each level before the teams below it, in the order of `compare`. */
export function teamChoices(
  agents: readonly Pick<AgentView, "groups">[],
  chosen: readonly TeamPath[],
  compare: (a: string, b: string) => number,
): TeamChoice[] {
  const found = new Map<string, { path: TeamPath; agents: number }>();
  for (const path of chosen) found.set(teamKey(path), { path, agents: 0 });
  // Many agents share a team, so each team is taken apart once.
  const teams = new Map<string, { path: TeamPath; agents: number }>();
  for (const { groups } of agents) addAgents(teams, groups, 1);
  for (const { path, agents: members } of teams.values()) {
    for (let length = 1; length <= path.length; length++) addAgents(found, path.slice(0, length), members);
  }
  return [...found].map(([key, choice]) => ({ key, ...choice })).sort((a, b) => comparePaths(a.path, b.path, compare));
}

function addAgents(teams: Map<string, { path: TeamPath; agents: number }>, path: TeamPath, agents: number): void {
  const key = teamKey(path);
  const known = teams.get(key);
  if (known === undefined) teams.set(key, { path, agents });
  else known.agents += agents;
}

function comparePaths(a: TeamPath, b: TeamPath, compare: (a: string, b: string) => number): number {
  for (const [index, level] of a.entries()) {
    const other = b[index];
    if (other === undefined) return 1;
    // Two names that differ only in case or accents are two teams.
    const result = compare(level, other) || (level < other ? -1 : level > other ? 1 : 0);
    if (result !== 0) return result;
  }
  return a.length - b.length;
}

/** Compares two choices of teams, whatever their order. */
export function sameTeams(a: readonly TeamPath[], b: readonly TeamPath[]): boolean {
  const keys = new Set(a.map(teamKey));
  return a.length === b.length && b.every((path) => keys.has(teamKey(path)));
}

/** Adds `team` to the chosen ones, or removes it. A team that is within another chosen one is left out. */
export function toggledTeam(chosen: readonly TeamPath[], team: TeamPath): readonly TeamPath[] {
  const key = teamKey(team);
  if (chosen.some((path) => teamKey(path) === key)) return chosen.filter((path) => teamKey(path) !== key);
  return [...chosen.filter((path) => !isWithin(path, team)), team];
}
