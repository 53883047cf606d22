import type { QuietDraft } from "../../model/rule-draft.ts";
import { DAYS } from "../../model/rule-fields.ts";
import { toggled } from "../../model/view.ts";
import { useText } from "../board-context.ts";

interface QuietHoursProps {
  windows: readonly QuietDraft[];
  fault: string | null;
  onChange: (windows: readonly QuietDraft[]) => void;
}

/** The times in which a rule starts no alert, by the clocks of the center. */
export function QuietHours({ windows, fault, onChange }: QuietHoursProps) {
  const text = useText();
  const change = (index: number, part: Partial<QuietDraft>) =>
    onChange(windows.map((window, place) => (place === index ? { ...window, ...part } : window)));
  return (
    <fieldset
      className="vg-checks vg-quiet-hours"
      aria-invalid={fault !== null || undefined}
      tabIndex={fault === null ? undefined : -1}
    >
      <legend>{text.text("rules.quietHours")}</legend>
      {windows.map((window, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a window has nothing else that tells it from the others
        <div key={index} className="vg-quiet-window">
          <input
            type="text"
            inputMode="numeric"
            placeholder="22:00"
            maxLength={5}
            aria-label={text.text("rules.quietFrom")}
            value={window.from}
            onChange={(event) => change(index, { from: event.target.value })}
          />
          <input
            type="text"
            inputMode="numeric"
            placeholder="07:00"
            maxLength={5}
            aria-label={text.text("rules.quietTo")}
            value={window.to}
            onChange={(event) => change(index, { to: event.target.value })}
          />
          {DAYS.map((day) => (
            <label key={day} className="vg-check">
              <input
                type="checkbox"
                checked={window.days.includes(day)}
                onChange={() => change(index, { days: DAYS.filter((other) => toggled(window.days, day).includes(other)) })}
              />
              {text.text(`weekday.${day}`)}
            </label>
          ))}
          <button
            type="button"
            className="vg-button vg-quiet"
            onClick={() => onChange(windows.filter((_, place) => place !== index))}
          >
            {text.text("rules.quietRemove")}
          </button>
        </div>
      ))}
      {fault !== null && (
        <span className="vg-refusal" role="alert">
          {fault}
        </span>
      )}
      <button
        type="button"
        className="vg-button"
        onClick={() => onChange([...windows, { days: [], from: "22:00", to: "07:00" }])}
      >
        {text.text("rules.quietAdd")}
      </button>
    </fieldset>
  );
}
