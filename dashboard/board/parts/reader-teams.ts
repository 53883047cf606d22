import { useEffect, useMemo, useRef } from "react";
import { chosenTeams } from "../model/scope.ts";
import { sameTeams, type TeamPath } from "../model/team-path.ts";
import type { View } from "../model/view.ts";
import type { KeptPreferences } from "./preferences.ts";

interface ReaderTeamsInput {
  given: View;
  setView: (view: View) => void;
  /** Keeps the view outside the board, for example in the address. */
  onView: ((view: View) => void) | undefined;
}

export interface ReaderTeams {
  /** The view for saving: the reader's own teams are no part of it, so that it shows everybody theirs. */
  view: View;
  /** The teams that count now. */
  teams: readonly TeamPath[];
  changeView: (view: View) => void;
  changeTeams: (teams: readonly TeamPath[]) => void;
  /** Returns `signOut` with what goes before: the reader's own teams leave the address with the reader. Those of a link stay. */
  leaving: (signOut: () => void) => () => void;
}

/** Keeps the reader's teams in the preferences, and tells the address which teams the page shows. */
export function useReaderTeams(
  { preferences, change: setPreferences, readers }: KeptPreferences,
  { given, setView, onView }: ReaderTeamsInput,
): ReaderTeams {
  const own = preferences.teams;
  const view = useMemo(() => withoutOwnTeams(given, own), [given, own]);
  const teams = useMemo(() => chosenTeams(view, own), [view, own]);
  const latest = useRef({ view, own, onView });
  useEffect(() => {
    latest.current = { view, own, onView };
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the address says the teams once for each reader, not at each change
  useEffect(() => {
    const { view: first, own: kept, onView: report } = latest.current;
    const shown = withTeams(first, kept);
    if (shown !== first) report?.(shown);
  }, [readers]);
  return {
    view,
    teams,
    changeView: (next) => {
      setView(next);
      onView?.(withTeams(next, own));
    },
    leaving: (signOut) => () => {
      onView?.(view);
      signOut();
    },
    changeTeams: (next) => {
      setPreferences({ teams: next });
      const followed = { ...view, teams: null, groups: [] };
      setView(followed);
      onView?.(withTeams(followed, next));
    },
  };
}

function withoutOwnTeams(view: View, own: readonly TeamPath[]): View {
  return view.teams !== null && view.groups.length === 0 && sameTeams(view.teams, own) ? { ...view, teams: null } : view;
}

function withTeams(view: View, own: readonly TeamPath[]): View {
  const teams = chosenTeams(view, own);
  return view.teams === null && teams.length > 0 ? { ...view, teams } : view;
}
