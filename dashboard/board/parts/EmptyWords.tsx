import { useText } from "./board-context.ts";

interface EmptyWordsProps {
  known: boolean;
  filtered: boolean;
  /** How many agents are not shown because they are offline. */
  offline: number;
  onClear: () => void;
}

/** Why there is nothing to see: not yet known, nobody there, or filtered away. */
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
