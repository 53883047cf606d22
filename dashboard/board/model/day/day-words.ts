import type { AgentSpell, DayTotals } from "../../../../protocol/agent-day.ts";
import type { AgentToday } from "../../../../protocol/agent-today.ts";
import type { Text } from "../../text/text.ts";
import { clockText } from "../format.ts";

/** What an agent did in a time span, in words: a custom status by its name, a contact by its channel. */
export function spellWords({ kind, status, channel }: Pick<AgentSpell, "kind" | "status" | "channel">, text: Text): string {
  if (kind === "unknown") return text.text("day.noData");
  if (kind === "paused") return text.text("contact.paused");
  if (kind === "away" && status) return status;
  if (kind === "on a contact" && channel !== null && channel !== "voice") return text.text(`onContact.${channel}`);
  return text.text(`status.${kind}`);
}

/** Writes a duration in milliseconds as `4:38`; null as a dash. */
export function timeWords(ms: number | null, text: Text): string {
  return ms === null ? text.text("table.none") : clockText(ms / 1000);
}

/** Writes a long duration in hours and minutes, as `6:10 h`; null as a dash. */
export function hoursWords(ms: number, text: Text): string {
  const minutes = Math.floor(ms / 60_000);
  return text.text("day.hours", { time: `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}` });
}

export function shareWords(share: number | null, text: Text): string {
  return share === null ? text.text("table.none") : text.percent(share);
}

/** A day in one sentence, for whoever does not see the strip. */
export function dayInWords(totals: AgentToday & Pick<DayTotals, "byStatus">, text: Text): string {
  const statuses = totals.byStatus.map(({ status, ms }) => `${status || text.text("day.noName")} ${hoursWords(ms, text)}`);
  return [
    `${text.text("column.handled")} ${text.number(totals.handled)}`,
    `${text.text("column.missed")} ${text.number(totals.missed)}`,
    `${text.text("column.aht")} ${timeWords(totals.averageHandleMs, text)}`,
    `${text.text("column.occupancy")} ${shareWords(totals.occupancy, text)}`,
    ...statuses,
  ].join(", ");
}
