import { useText } from "./board-context.ts";

interface EmptyWordsProps {
  known: boolean;
  filtered: boolean;
  /** Whether the chosen teams have no agent at all. */
  nobodyInTeams: boolean;
  /** The number of agents that are hidden because they are offline. */
  offline: number;
  onClear: () => void;
  onAllTeams: () => void;
}

/** Says why the list is empty: agents have not arrived, nobody is signed in, or the filters hide everybody. */
export function EmptyWords({ known, filtered, nobodyInTeams, offline, onClear, onAllTeams }: EmptyWordsProps) {
  const text = useText();
  if (!known) return <p aria-busy="true">{text.text("table.loading")}</p>;
  if (nobodyInTeams) {
    return (
      <>
        <p>{text.text("teams.nobody")}</p>
        <button type="button" className="vg-button" onClick={onAllTeams}>
          {text.text("teams.showAll")}
        </button>
      </>
    );
  }
  if (offline > 0) return <p>{text.text("wallboard.nobody")}</p>;
  if (!filtered) return <p>{text.text("table.empty")}</p>;
  return (
    <>
      <p>{text.text("table.noMatch")}</p>
      <button type="button" className="vg-button" onClick={onClear}>
        {text.text("action.clear")}
      </button>
    </>
  );
}
