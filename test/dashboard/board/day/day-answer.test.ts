import { describe, expect, it } from "vitest";
import { dayAnswer } from "../../../../dashboard/board/model/day/day-answer.ts";
import { dayCsvFile, teamCsvFile } from "../../../../dashboard/board/model/day/day-file.ts";
import { dayPlaceFrom, NO_DAY, writeDayPlace } from "../../../../dashboard/board/model/day/day-place.ts";
import { dayInWords } from "../../../../dashboard/board/model/day/day-words.ts";
import { endedContacts, handleMs } from "../../../../dashboard/board/model/day/ended-contacts.ts";
import { readDay } from "../../../../dashboard/board/model/day/read-day.ts";
import { figuresByTeam, medianFigures, teamFigures } from "../../../../dashboard/board/model/day/team-figures.ts";
import { createText } from "../../../../dashboard/board/text/text.ts";
import { anAgent } from "../an-agent.ts";
import { aCall, aDay, aDayContact, aSpell, HOUR, MIDNIGHT, MINUTE } from "./a-day.ts";

const text = createText("en");
const ok = (body: unknown) => ({ status: 200, body });
const refusal = (status: number, body: unknown = null) => ({ status, body });

describe("The answer to a question for a day", () => {
  it("is the day of the hub, unchanged.", () => {
    const day = aDay();
    expect(dayAnswer(ok(JSON.parse(JSON.stringify(day))), null, true)).toEqual({ status: "ready", day, refusal: null });
  });

  it("leaves out what a newer hub may send, and reads the day of an older hub.", () => {
    const spells = [...aDay().spells, { ...aSpell(9, 10), kind: "dreaming" }];
    const contacts = [...aDay().contacts, { ...aDayContact("x", 9, 10), channel: "fax" }];
    expect(readDay({ ...aDay(), spells, contacts, news: 1 })).toMatchObject({ spells: aDay().spells, contacts: aDay().contacts });
    const { keptFrom, ...old } = aDay();
    expect(readDay(old)?.keptFrom).toBeUndefined();
    expect(keptFrom).toBe("2025-12-29");
  });

  it("says why there is none: an older hub, an agent out of sight, a wrong date, too many questions, no answer.", () => {
    expect(dayAnswer(refusal(404), null, true).refusal).toBe("old_hub");
    expect(dayAnswer(refusal(404), null, false).refusal).toBe("not_found");
    expect(dayAnswer(refusal(400), null, true).refusal).toBe("wrong_date");
    expect(dayAnswer(refusal(429), null, true).refusal).toBe("busy");
    expect(dayAnswer(refusal(401), null, true).refusal).toBe("signed_out");
    expect(dayAnswer(refusal(0), null, true).refusal).toBe("failed");
    expect(dayAnswer(ok({ spells: [] }), null, true)).toMatchObject({ status: "refused", refusal: "failed" });
    expect(dayAnswer(ok("text"), null, true).refusal).toBe("failed");
  });

  it("keeps the day that was read before while the hub does not answer, and drops it when the agent is out of sight.", () => {
    expect(dayAnswer(refusal(0), aDay(), true)).toMatchObject({ status: "ready", day: { agentId: "ana" }, refusal: "failed" });
    expect(dayAnswer(refusal(404), aDay(), false).day).toBeNull();
    expect(dayAnswer(refusal(401), aDay(), true).day).toBeNull();
  });
});

describe("The words of a day", () => {
  it("have the figures of the answer.", () => {
    expect(dayInWords(aDay().totals, text)).toBe("Handled 1, Not answered 2, AHT 30:00, Occupancy 25%, Available 2:00\u00a0h");
  });

  it("are in the CSV file, a line for each time span, in UTC and whole seconds.", () => {
    const day = aDay({ spells: [aSpell(8, null), aCall("c1", 8.5, 9)] });
    expect(dayCsvFile(day, { name: "=Ana", groups: ["México", "Ventas"] }, text).split("\r\n")).toEqual([
      "\uFEFFAgent ID,Agent,Team,Date,From (America/Mexico_City),To (America/Mexico_City),Duration (s),What,Contact ID,Channel,Queue,Customer sentiment",
      "ana,'=Ana,México · Ventas,2026-01-05,2026-01-05T08:00:00-06:00,,,Available,,,,",
      "ana,'=Ana,México · Ventas,2026-01-05,2026-01-05T08:30:00-06:00,2026-01-05T09:00:00-06:00,1800,On a call,c1,Voice,Sales,-2.5",
      "",
    ]);
    expect(
      teamCsvFile([{ name: "Ana", groups: [], day }], text)
        .split("\r\n")
        .slice(0, 2),
    ).toEqual([
      "\uFEFFAgent ID,Agent,Team,Date,Handled,Not answered,AHT (s),Occupancy,Signed-in time (s),Talk (s),On hold (s),After contact work (ACW) (s),No data (s)",
      "ana,Ana,,2026-01-05,1,2,1800,0.25,7200,1680,60,60,0",
    ]);
  });
});

describe("The contacts of a day", () => {
  it("are those that are over, the newest first, with the time from the answer to the end.", () => {
    const contacts = [
      aDayContact("a", 8, 9, { answeredAt: MIDNIGHT + 8.5 * HOUR }),
      aDayContact("b", 9.5, null),
      aDayContact("c", 9, 9.1, { answeredAt: null, missed: 1 }),
    ];
    const ended = endedContacts({ contacts });
    expect(ended.map(({ contactId }) => contactId)).toEqual(["c", "a"]);
    expect(ended.map(handleMs)).toEqual([null, 30 * MINUTE]);
  });
});

describe("The figures of a team", () => {
  const today = (handled: number, averageHandleMs: number | null, occupancy: number | null, signedInMs: number) => ({
    handled,
    missed: 1,
    averageHandleMs,
    occupancy,
    signedInMs,
  });

  it("are sums, an average that weighs by contacts, and an occupancy that weighs by signed-in time.", () => {
    const figures = teamFigures([
      anAgent({ status: "available", today: today(3, 100, 0.5, HOUR) }),
      anAgent({ status: "on hold", today: today(1, 300, 1, 3 * HOUR) }),
      anAgent({ status: "available", today: today(0, null, null, HOUR) }),
      anAgent({ status: "available", today: null }),
    ]);
    expect(figures.today).toEqual({ handled: 4, missed: 3, averageHandleMs: 150, occupancy: 0.875 });
    expect(figures.statuses).toEqual([
      { status: "on hold", count: 1 },
      { status: "available", count: 3 },
    ]);
  });

  it("are unknown where the hub tells of no day, and apart for each team.", () => {
    expect(teamFigures([anAgent(), anAgent({ today: null })]).today).toBeNull();
    const teams = figuresByTeam([anAgent({ groups: ["A"] }), anAgent({ groups: ["B"] }), anAgent({ groups: ["A"] })]);
    expect([...teams].map(([team, { statuses }]) => [team, statuses[0]?.count])).toEqual([
      ["A", 2],
      ["B", 1],
    ]);
  });

  it("have medians over the agents with a value.", () => {
    const agents = [today(1, 100, null, HOUR), today(4, null, 0.5, HOUR), today(3, 300, 0.7, HOUR)].map((each) =>
      anAgent({ today: each }),
    );
    expect(medianFigures(agents)).toEqual({ handled: 3, missed: 1, averageHandleMs: 200, occupancy: 0.6, signedInMs: HOUR });
    expect(medianFigures([anAgent()])).toBeNull();
  });
});

describe("The place of a day in the address", () => {
  it("is written and read back, and words that are no date count for nothing.", () => {
    const place = { contactId: "c1", date: "2026-01-05", team: true };
    const query = new URLSearchParams("lang=en&page=other");
    writeDayPlace(query, place);
    expect(query.toString()).toBe("lang=en&page=day&contact=c1&date=2026-01-05");
    expect(dayPlaceFrom(query)).toEqual(place);
    writeDayPlace(query, NO_DAY);
    expect(query.toString()).toBe("lang=en");
    expect(dayPlaceFrom(new URLSearchParams("contact=&date=yesterday&page=list"))).toEqual(NO_DAY);
  });
});
