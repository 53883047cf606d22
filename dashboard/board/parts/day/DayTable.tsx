import { useState } from "react";
import type { AgentDay } from "../../../../protocol/agent-day.ts";
import { spellWords } from "../../model/day/day-words.ts";
import type { ZoneTime } from "../../model/day/zone-time.ts";
import { clockText } from "../../model/format.ts";
import { useText } from "../board-context.ts";

/** The timeline as a table, for whoever does not see the strip or wants exact times. Closed at first, because it is long. */
export function DayTable({ day, zone }: { day: AgentDay; zone: ZoneTime }) {
  const text = useText();
  const [open, setOpen] = useState(false);
  return (
    <details className="vg-day-table" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{text.text("day.table")}</summary>
      {open && (
        <table>
          <thead>
            <tr>
              <th scope="col">{text.text("day.since")}</th>
              <th scope="col">{text.text("day.until")}</th>
              <th scope="col" className="vg-number">
                {text.text("day.duration")}
              </th>
              <th scope="col">{text.text("day.what")}</th>
              <th scope="col">{text.text("column.queue")}</th>
            </tr>
          </thead>
          <tbody>
            {day.spells.map((spell) => {
              const { since, until, kind, contactId, queue } = spell;
              return (
                <tr key={`${contactId ?? ""} ${since} ${kind}`} data-contact={contactId !== null || undefined}>
                  <td>{zone.second(since)}</td>
                  <td>{until === null ? text.text("day.goesOn") : zone.second(until)}</td>
                  <td className="vg-number">{clockText(((until ?? day.serverTime) - since) / 1000)}</td>
                  <td>{spellWords(spell, text)}</td>
                  <td>{queue ?? text.text("table.none")}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
    </details>
  );
}
