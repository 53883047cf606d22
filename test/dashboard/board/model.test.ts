import { describe, expect, it } from "vitest";
import { optionalColumns } from "../../../dashboard/board/columns/column-keys.ts";
import { AGENT_COLUMN } from "../../../dashboard/board/columns/registry.tsx";
import { alertsByAgent } from "../../../dashboard/board/model/alerts-by-agent.ts";
import { boardCsv } from "../../../dashboard/board/model/csv.ts";
import { clockText, isoDuration, limitText, secondsSince } from "../../../dashboard/board/model/format.ts";
import { guessLanguage } from "../../../dashboard/board/model/language-guess.ts";
import { quarterPoints, sparkPoints } from "../../../dashboard/board/model/spark.ts";
import { isPressed, pressed, summarise } from "../../../dashboard/board/model/summary.ts";
import { isFollowing, piecesOf, runsOf, turnsAfter } from "../../../dashboard/board/model/transcript.ts";
import { START_VIEW } from "../../../dashboard/board/model/view.ts";
import { createText } from "../../../dashboard/board/text/text.ts";
import { anAgent, anAlert, NOON } from "./an-agent.ts";

describe("A duration", () => {
  it("reads as a clock and is never negative.", () => {
    expect([0, 42, 724, 3600, 3723, -5].map(clockText)).toEqual(["0:00", "0:42", "12:04", "1:00:00", "1:02:03", "0:00"]);
    expect([90, 180, 3600].map(limitText)).toEqual(["90 s", "3 min", "1 h"]);
    expect(isoDuration(4500.9)).toBe("PT4500S");
    expect(secondsSince(NOON + 400, NOON)).toBe(0);
  });
});

describe("The tiles", () => {
  const agents = [
    anAgent({ agentId: "a", since: NOON - 90_000 }),
    anAgent({ agentId: "b", status: "on a call", callStartedAt: NOON - 60_000 }),
    anAgent({ agentId: "c", status: "on hold", since: NOON - 61_000, callStartedAt: NOON - 120_000 }),
    anAgent({ agentId: "d", status: "away", statusName: "Lunch" }),
    anAgent({ agentId: "e", status: "offline", stale: true }),
  ];

  it("count the agents, the calls and the times that they name.", () => {
    const summary = summarise(
      agents,
      new Map([
        ["b", [anAlert({ agentId: "b", watch: "sentimentFall" }), anAlert({ agentId: "b", watch: "contactTime" })]],
        ["c", [anAlert({ agentId: "c", acknowledged: true })]],
        ["d", [anAlert({ agentId: "d", watch: "agentSilence" })]],
      ]),
      NOON,
    );
    expect(summary).toEqual({
      total: 5,
      counts: { loggedIn: 4, available: 1, onCall: 1, onHold: 1, wrapUp: 0, away: 1, falling: 1 },
      longestAvailable: 90,
      averageCall: 90,
      averageWrapUp: null,
      overLimit: { loggedIn: 2, available: 0, onCall: 1, onHold: 1, wrapUp: 0, away: 0, falling: 0 },
      awayNames: ["Lunch"],
      stale: 1,
    });
  });

  it("filter while they are pressed: by one status, and by falling sentiment at the same time.", () => {
    const falling = pressed("falling", START_VIEW);
    const both = pressed("onHold", falling);
    expect([both.statuses, both.sentiments]).toEqual([["on hold"], ["falling"]]);
    expect(pressed("away", both).statuses).toEqual(["away"]);
    expect(isPressed("onHold", pressed("onHold", both))).toBe(false);
    expect(isPressed("loggedIn", START_VIEW)).toBe(false);
  });
});

describe("The CSV file", () => {
  const csv = (name: string) =>
    boardCsv({
      agents: [
        anAgent({ name, status: "on a call", callStartedAt: NOON - 4_500_000, sentimentScore: -2.5, since: NOON - 61_500 }),
      ],
      columns: [AGENT_COLUMN, ...optionalColumns(START_VIEW.columns)],
      alerts: new Map([
        [
          "a",
          [
            anAlert({ watch: "sentimentRecent", value: -2.5, limit: -2.5 }),
            anAlert({ watch: "missedInRow", value: 2, acknowledged: true }),
          ],
        ],
      ]),
      text: createText("en"),
      now: NOON,
    });

  it("has a byte order mark, whole seconds, ISO times and empty cells without data.", () => {
    expect(csv("Ana")).toBe(
      "\uFEFFagentId,Agent,Status,Time (s),Call (s),Queue,Customer sentiment,Alerts,Handled,AHT (s),since\r\n" +
        'a,Ana,On a call,61,4500,,-2.5,"Unhappy now, \u22122.5; 2 missed in a row",,,2026-01-05T17:58:58.500Z\r\n',
    );
  });

  it("quotes text that breaks a line, and puts an apostrophe before a formula.", () => {
    expect(csv('Ruiz, "Ana"')).toContain('"Ruiz, ""Ana"""');
    expect(csv("=HYPERLINK(1)")).toContain("'=HYPERLINK(1)");
  });
});

describe("A transcript", () => {
  it("marks redacted words.", () => {
    expect(piecesOf("Es [CREDIT_DEBIT_NUMBER], de [NAME].")).toEqual([
      { kind: "text", text: "Es " },
      { kind: "redacted", entity: "CREDIT_DEBIT_NUMBER", at: 3 },
      { kind: "text", text: ", de " },
      { kind: "redacted", entity: "NAME", at: 29 },
      { kind: "text", text: "." },
    ]);
    expect(piecesOf("[ruido] sin marcas")).toEqual([{ kind: "text", text: "[ruido] sin marcas" }]);
  });

  it("marks its issues: overlapping ones as one, redactions whole, nothing outside the text.", () => {
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

  it("is followed near its end only, and counts the turns after the last one seen.", () => {
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

  it("is recognised as Spanish or English when it has enough words.", () => {
    expect(guessLanguage(["Me cobraron dos veces el mismo mes por un servicio"])).toBe("es");
    expect(guessLanguage(["Thank you for the help", "that is all"])).toBe("en");
    expect(guessLanguage(["Okay"])).toBeUndefined();
  });
});

describe("A curve", () => {
  it("draws time to the right and +5 at the top, and keeps the last score until now.", () => {
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
});

describe("The list of an agent's alerts", () => {
  it("stays the same object while the alerts do not change.", () => {
    const first = alertsByAgent([anAlert()], new Map());
    const second = alertsByAgent([anAlert(), anAlert({ agentId: "b" })], first);
    expect(second.get("a")).toBe(first.get("a"));
    expect(alertsByAgent([anAlert({ level: "critical" })], second).get("a")).not.toBe(first.get("a"));
  });
});
