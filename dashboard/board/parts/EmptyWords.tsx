import { useText } from "./board-context.ts";

interface EmptyWordsProps {
  known: boolean;
  filtered: boolean;
  /** Whether the chosen teams have no agent at all. */
  nobodyInTeams: boolean;
  onClear: () => void;
  onAllTeams: () => void;
}

/** Says why the list is empty: agents have not arrived, the teams have none, or the filters hide everybody. */
export function EmptyWords({ known, filtered, nobodyInTeams, onClear, onAllTeams }: EmptyWordsProps) {
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
