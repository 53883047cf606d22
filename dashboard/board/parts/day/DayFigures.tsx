import type { DayTotals } from "../../../../protocol/agent-day.ts";
import type { AgentToday } from "../../../../protocol/agent-today.ts";
import { hoursWords, shareWords, timeWords } from "../../model/day/day-words.ts";
import { useText } from "../board-context.ts";

/** The five figures of a day, each with the median of the team where it is known. */
export function DayFigures({ totals, median }: { totals: AgentToday; median: AgentToday | null }) {
  const text = useText();
  const figures = [
    { key: "day.handled", words: (of: AgentToday) => text.number(of.handled), bad: false },
    { key: "day.missed", words: (of: AgentToday) => text.number(of.missed), bad: totals.missed > 0 },
    { key: "day.aht", words: (of: AgentToday) => timeWords(of.averageHandleMs, text), bad: false },
    { key: "day.occupancy", words: (of: AgentToday) => shareWords(of.occupancy, text), bad: false },
    { key: "day.signedInShort", words: (of: AgentToday) => hoursWords(of.signedInMs, text), bad: false },
  ] as const;
  return (
    <dl className="vg-day-figures">
      {figures.map(({ key, words, bad }) => (
        <div key={key}>
          <dt>{text.text(key)}</dt>
          <dd data-bad={bad || undefined}>{words(totals)}</dd>
          {median !== null && (
            <dd className="vg-sub" title={text.text("day.medianWhy")}>
              {text.text("day.median", { value: words(median) })}
            </dd>
          )}
        </div>
      ))}
    </dl>
  );
}

/** Where the time of the day went: on contacts, and in each status. */
export function DayTimes({ totals }: { totals: DayTotals }) {
  const text = useText();
  const onContacts = [
    ["day.talk", totals.talkMs],
    ["day.hold", totals.holdMs],
    ["day.afterCall", totals.afterCallMs],
    ["day.unknown", totals.unknownMs],
  ] as const;
  return (
    <dl className="vg-day-times">
      {onContacts.map(
        ([key, ms]) =>
          ms > 0 && (
            <div key={key}>
              <dt>{text.text(key)}</dt>
              <dd>{timeWords(ms, text)}</dd>
            </div>
          ),
      )}
      {totals.byStatus.map(({ status, ms }) => (
        <div key={`status ${status}`}>
          <dt>{status || text.text("day.noName")}</dt>
          <dd>{timeWords(ms, text)}</dd>
        </div>
      ))}
    </dl>
  );
}
