import { useText } from "./board-context.ts";

/** Why there is nothing to see: not yet known, nobody there, or filtered away. */
export function EmptyWords({ known, filtered, onClear }: { known: boolean; filtered: boolean; onClear: () => void }) {
  const text = useText();
  if (!known) return <p aria-busy="true">{text.text("table.loading")}</p>;
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
