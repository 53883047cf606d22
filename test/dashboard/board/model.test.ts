import { describe, expect, it } from "vitest";
import { optionalColumns } from "../../../dashboard/board/columns/column-keys.ts";
import { AGENT_COLUMN } from "../../../dashboard/board/columns/registry.tsx";
import { alertsByAgent } from "../../../dashboard/board/model/alerts-by-agent.ts";
import { boardCsv } from "../../../dashboard/board/model/csv.ts";
import { clockText, isoDuration, limitText, secondsSince } from "../../../dashboard/board/model/format.ts";
import { guessLanguage } from "../../../dashboard/board/model/language-guess.ts";
import { levelsById, newAlerts } from "../../../dashboard/board/model/new-alerts.ts";
import { quarterPoints, sparkPoints } from "../../../dashboard/board/model/spark.ts";
import { isPressed, pressed, summarise } from "../../../dashboard/board/model/summary.ts";
import { timeLevel } from "../../../dashboard/board/model/thresholds.ts";
import { isFollowing, piecesOf, runsOf, turnsAfter } from "../../../dashboard/board/model/transcript.ts";
import { START_VIEW } from "../../../dashboard/board/model/view.ts";
import { pageAt } from "../../../dashboard/board/model/wallboard.ts";
import { createText } from "../../../dashboard/board/text/text.ts";
import { DEFAULT_THRESHOLDS } from "../../../dashboard/client/alerts.ts";
import { anAgent, anAlert, NOON } from "./an-agent.ts";

describe("durations", () => {
  it("read as a clock and never run below zero", () => {
    expect([0, 42, 724, 3600, 3723, -5].map(clockText)).toEqual(["0:00", "0:42", "12:04", "1:00:00", "1:02:03", "0:00"]);
    expect([90, 180, 3600].map(limitText)).toEqual(["90 s", "3 min", "1 h"]);
    expect(isoDuration(4500.9)).toBe("PT4500S");
    expect(secondsSince(NOON + 400, NOON)).toBe(0);
  });

  it("cross a limit at the limit", () => {
    const levels = [59, 60, 179, 180].map((seconds) => timeLevel(DEFAULT_THRESHOLDS, "on hold", seconds));
    expect(levels).toEqual(["calm", "warn", "warn", "critical"]);
    expect(timeLevel(DEFAULT_THRESHOLDS, "available", 1e6)).toBe("calm");
  });
});

describe("the tiles", () => {
  const agents = [
    anAgent({ agentId: "a", since: NOON - 90_000 }),
    anAgent({ agentId: "b", status: "on a call", callStartedAt: NOON - 60_000 }),
    anAgent({ agentId: "c", status: "on hold", since: NOON - 61_000, callStartedAt: NOON - 120_000 }),
    anAgent({ agentId: "d", status: "away", statusName: "Lunch" }),
    anAgent({ agentId: "e", status: "offline", stale: true }),
  ];

  it("count what they say", () => {
    const summary = summarise(agents, DEFAULT_THRESHOLDS, new Map([["b", [anAlert({ agentId: "b", kind: "drop" })]]]), NOON);
    expect(summary).toEqual({
      total: 5,
      counts: { loggedIn: 4, available: 1, onCall: 1, onHold: 1, wrapUp: 0, away: 1, falling: 1 },
      longestAvailable: 90,
      averageCall: 90,
      averageWrapUp: null,
      heldOverLimit: 1,
      awayNames: ["Lunch"],
      stale: 1,
    });
  });

  it("filter while pressed, one status at a time, beside the sentiment", () => {
    const falling = pressed("falling", START_VIEW);
    const both = pressed("onHold", falling);
    expect([both.statuses, both.sentiments]).toEqual([["on hold"], ["falling"]]);
    expect(pressed("away", both).statuses).toEqual(["away"]);
    expect(isPressed("onHold", pressed("onHold", both))).toBe(false);
    expect(isPressed("loggedIn", START_VIEW)).toBe(false);
  });
});

describe("CSV", () => {
  const csv = (name: string) =>
    boardCsv({
      agents: [
        anAgent({ name, status: "on a call", callStartedAt: NOON - 4_500_000, sentimentScore: -2.5, since: NOON - 61_500 }),
      ],
      columns: [AGENT_COLUMN, ...optionalColumns(START_VIEW.columns)],
      alerts: new Map([["a", [anAlert({ kind: "score", score: -2.5 }), anAlert({ kind: "missed", acknowledged: true })]]]),
      text: createText("en"),
      now: NOON,
    });

  it("has a byte order mark, raw seconds, ISO times and nothing for no data", () => {
    expect(csv("Ana")).toBe(
      "\uFEFFagentId,Agent,Status,Time (s),Call (s),Queue,Customer sentiment,Alerts,since\r\n" +
        "a,Ana,On a call,61,4500,,-2.5,Sentiment \u22122.5; Missed contact,2026-01-05T17:58:58.500Z\r\n",
    );
  });

  it("quotes what would break a line and defuses what a spreadsheet would run", () => {
    expect(csv('Ruiz, "Ana"')).toContain('"Ruiz, ""Ana"""');
    expect(csv("=HYPERLINK(1)")).toContain("'=HYPERLINK(1)");
  });
});

describe("the talk", () => {
  it("marks what was redacted", () => {
    expect(piecesOf("Es [CREDIT_DEBIT_NUMBER], de [NAME].")).toEqual([
      { kind: "text", text: "Es " },
      { kind: "redacted", entity: "CREDIT_DEBIT_NUMBER", at: 3 },
      { kind: "text", text: ", de " },
      { kind: "redacted", entity: "NAME", at: 29 },
      { kind: "text", text: "." },
    ]);
    expect(piecesOf("[ruido] sin marcas")).toEqual([{ kind: "text", text: "[ruido] sin marcas" }]);
  });

  it("marks where an issue is told, overlaps as one, redactions whole, and nothing outside the text", () => {
    const marked = (text: string, ...issues: [number, number][]) =>
      runsOf(
        text,
        issues.map(([begin, end]) => ({ begin, end })),
      ).map(({ issue, pieces }) => [issue, pieces.map((piece) => (piece.kind === "text" ? piece.text : piece.entity))]);
    expect(marked("No llega mi pedido.", [3, 18])).toEqual([
      [false, ["No "]],
      [true, ["llega mi pedido"]],
      [false, ["."]],
    ]);
    expect(marked("No llega.", [3, 6], [5, 900])).toEqual([
      [false, ["No "]],
      [true, ["llega."]],
    ]);
    expect(marked("Soy [NAME] y no llega", [0, 7])).toEqual([
      [true, ["Soy ", "NAME"]],
      [false, [" y no llega"]],
    ]);
    expect(marked("Nada.")).toEqual([[false, ["Nada."]]]);
    expect(marked("", [0, 4])).toEqual([]);
  });

  it("is followed at its end only, and counts what came since", () => {
    const turn = (turnId: string) => ({
      turnId,
      role: "agent" as const,
      beginMs: 0,
      endMs: 1,
      text: "",
      final: true,
      sentiment: null,
      occurredAt: 0,
    });
    expect(isFollowing({ scrollTop: 565, scrollHeight: 1000, clientHeight: 400 })).toBe(true);
    expect(isFollowing({ scrollTop: 400, scrollHeight: 1000, clientHeight: 400 })).toBe(false);
    expect(turnsAfter([turn("1"), turn("2"), turn("3")], "1")).toBe(2);
    expect(turnsAfter([turn("1")], null)).toBe(0);
  });

  it("is guessed to be in Spanish or English once there is enough of it", () => {
    expect(guessLanguage(["Me cobraron dos veces el mismo mes por un servicio"])).toBe("es");
    expect(guessLanguage(["Thank you for the help", "that is all"])).toBe("en");
    expect(guessLanguage(["Okay"])).toBeUndefined();
  });
});

describe("pictures", () => {
  it("draw time to the right and +5 at the top, holding the last score", () => {
    const trend = [
      { at: NOON, score: 5 },
      { at: NOON + 50_000, score: -5 },
    ];
    expect(sparkPoints(trend, NOON + 100_000, 100, 20)).toBe("0,0 50,20 100,20");
    expect(sparkPoints(trend.slice(0, 1), NOON, 100, 20)).toBe("0,0 100,0");
    expect(sparkPoints([], NOON, 100, 20)).toBe("");
    expect(quarterPoints([5, null, -5, 0], 400, 20)).toEqual([
      { x: 50, y: 0 },
      { x: 250, y: 20 },
      { x: 350, y: 10 },
    ]);
  });

  it("turn the pages of a wallboard that is too small", () => {
    expect([0, 15_000, 30_000].map((now) => pageAt(now, 2, 15_000))).toEqual([0, 1, 0]);
  });
});

describe("alerts", () => {
  it("keep an agent's list the same object while it reads the same", () => {
    const first = alertsByAgent([anAlert()], new Map());
    const second = alertsByAgent([anAlert(), anAlert({ agentId: "b" })], first);
    expect(second.get("a")).toBe(first.get("a"));
    expect(alertsByAgent([anAlert({ level: "critical" })], second).get("a")).not.toBe(first.get("a"));
  });

  it("are news once, again when they get worse, and not before the first list", () => {
    expect(newAlerts(null, [anAlert()])).toEqual([]);
    const announced = levelsById([anAlert()]);
    expect(newAlerts(announced, [anAlert()])).toEqual([]);
    expect(newAlerts(announced, [anAlert({ level: "critical" })])).toHaveLength(1);
    expect(newAlerts(announced, [anAlert({ id: "y", acknowledged: true }), anAlert({ id: "z" })]).map(({ id }) => id)).toEqual([
      "z",
    ]);
  });
});
