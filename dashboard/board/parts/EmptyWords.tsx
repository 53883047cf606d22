import { useText } from "./board-context.ts";

interface EmptyWordsProps {
  known: boolean;
  filtered: boolean;
  /** The number of agents that are hidden because they are offline. */
  offline: number;
  onClear: () => void;
}

/** Says why the list is empty: agents have not arrived, nobody is signed in, or the filters hide everybody. */
export function EmptyWords({ known, filtered, offline, onClear }: EmptyWordsProps) {
  const text = useText();
  if (!known) return <p aria-busy="true">{text.text("table.loading")}</p>;
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
