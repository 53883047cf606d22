import { dateAfter } from "../../model/day/zone-time.ts";
import { useText } from "../board-context.ts";
import { Icon } from "../Icon.tsx";

interface DayDateProps {
  /** The date on the page, YYYY-MM-DD. */
  date: string;
  /** Today in the center's time zone. */
  today: string;
  /** The first date that is kept; null = the hub does not say. */
  first: string | null;
  /** Null = today. */
  onDate: (date: string | null) => void;
}

/** Chooses one of the kept days. */
export function DayDate({ date, today, first, onDate }: DayDateProps) {
  const text = useText();
  const choose = (next: string) => {
    // While somebody types, the field has dates that are not kept, or none.
    if (next === "" || next > today || (first !== null && next < first)) return;
    onDate(next === today ? null : next);
  };
  const step = (label: "day.before" | "day.after", days: number, disabled: boolean) => (
    <button
      type="button"
      className="vg-button vg-quiet"
      aria-label={text.text(label)}
      title={text.text(label)}
      disabled={disabled}
      onClick={() => choose(dateAfter(date, days))}
    >
      <Icon name={days < 0 ? "left" : "right"} />
    </button>
  );
  return (
    <span className="vg-day-date">
      {step("day.before", -1, first !== null && date <= first)}
      <input
        type="date"
        aria-label={text.text("day.date")}
        value={date}
        max={today}
        min={first ?? undefined}
        onChange={(event) => choose(event.target.value)}
      />
      {step("day.after", 1, date >= today)}
      {date !== today && (
        <button type="button" className="vg-button" onClick={() => onDate(null)}>
          {text.text("day.today")}
        </button>
      )}
    </span>
  );
}
