import type { BoardAlert } from "../../model/board-alert.ts";
import { useText } from "../board-context.ts";
import { Icon } from "../Icon.tsx";

interface AlertButtonProps {
  /** The alerts that wait for somebody. */
  open: readonly BoardAlert[];
  expanded: boolean;
  onPress: () => void;
}

/** Opens the list of alerts, and shows their number. */
export function AlertButton({ open, expanded, onPress }: AlertButtonProps) {
  const text = useText();
  const critical = open.some((alert) => alert.level === "critical");
  return (
    <button type="button" className="vg-button" aria-haspopup="dialog" aria-expanded={expanded} onClick={onPress}>
      <Icon name="flag" />
      <span className="vg-word">{text.text("action.alerts")}</span>
      {open.length > 0 && (
        <span className="vg-badge" data-level={critical ? "critical" : "warn"}>
          {text.number(open.length)}
        </span>
      )}
    </button>
  );
}
