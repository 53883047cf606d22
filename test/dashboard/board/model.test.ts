import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { optionalColumns } from "../../../dashboard/board/columns/column-keys.ts";
import { AGENT_COLUMN } from "../../../dashboard/board/columns/registry.tsx";
import { alertsByAgent } from "../../../dashboard/board/model/alerts-by-agent.ts";
import { boardCsv } from "../../../dashboard/board/model/csv.ts";
import { clockText, isoDuration, limitText, secondsSince } from "../../../dashboard/board/model/format.ts";
import { guessLanguage } from "../../../dashboard/board/model/language-guess.ts";
import { quarterPoints, sparkPoints } from "../../../dashboard/board/model/spark.ts";
import { STATUS_ORDER } from "../../../dashboard/board/model/status-order.ts";
import { isPressed, pressed, STATUS_TILES, summarise, TILES } from "../../../dashboard/board/model/summary.ts";
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
  const NO_COUNTS = Object.fromEntries(TILES.map((tile) => [tile, 0]));
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
      counts: { ...NO_COUNTS, all: 5, available: 1, onContact: 1, onHold: 1, away: 1, offline: 1 },
      overLimit: { ...NO_COUNTS, all: 2, onContact: 1, onHold: 1 },
      longestAvailable: 90,
      averageCall: 90,
      averageAcw: null,
      awayNames: ["Lunch"],
      stale: 1,
    });
  });

  it("add up to the number of agents, and so do those over a limit, in every center.", () => {
    const status = fc.constantFrom(...STATUS_ORDER);
    fc.assert(
      fc.property(fc.array(fc.record({ status, isOver: fc.boolean() }), { maxLength: 60 }), (parts) => {
        const center = parts.map((part, index) => anAgent({ agentId: `a${index}`, status: part.status }));
        const alerts = new Map(
          parts.flatMap(({ isOver }, index) => (isOver ? [[`a${index}`, [anAlert({ agentId: `a${index}` })]] as const] : [])),
        );
        const { counts, overLimit } = summarise(center, alerts, NOON);
        const sum = (numbers: typeof counts) => STATUS_TILES.reduce((total, tile) => total + numbers[tile], 0);
        expect([counts.all, sum(counts)]).toEqual([parts.length, parts.length]);
        const over = parts.filter(({ isOver }) => isOver).length;
        expect([overLimit.all, sum(overLimit)]).toEqual([over, over]);
      }),
    );
  });

  it("show exactly the agents that they count, in every center.", () => {
    for (const tile of STATUS_TILES) {
      const { statuses } = pressed(tile, START_VIEW);
      const center = STATUS_ORDER.map((status) => anAgent({ agentId: status, status }));
      expect(center.filter((agent) => statuses.includes(agent.status))).toHaveLength(
        summarise(center, new Map(), NOON).counts[tile],
      );
    }
  });

  it("count nobody as over a limit by a rule without a limit.", () => {
    const alerts = new Map([["a", [anAlert({ status: "error", value: 0, limit: 0 })]]]);
    expect(summarise([anAgent({ status: "error" })], alerts, NOON).overLimit.error).toBe(0);
  });

  it("filter while they are pressed, and all of them are off when all agents are shown.", () => {
    const held = pressed("onHold", { ...START_VIEW, sentiments: ["falling"] });
    expect([held.statuses, held.sentiments]).toEqual([["on hold"], ["falling"]]);
    expect(pressed("away", held).statuses).toEqual(["away"]);
    expect(isPressed("onHold", pressed("onHold", held))).toBe(false);
    expect(pressed("onContact", START_VIEW).statuses).toEqual(["on a call", "on a contact"]);
    expect(pressed("all", held).statuses).toEqual([]);
    expect([isPressed("all", START_VIEW), isPressed("all", held)]).toEqual([true, false]);
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
      timeZone: "America/Mexico_City",
    });

  it("has a byte order mark, whole seconds, ISO times and empty cells without data.", () => {
    expect(csv("Ana")).toBe(
      "\uFEFFAgent ID,Agent,Team,Status,Time (s),Call (s),Queue,Customer sentiment,Why,Handled,AHT (s),Status since (America/Mexico_City)\r\n" +
        'a,Ana,,On a call,61,4500,,-2.5,"unhappy now, \u22122.5; 2 missed in a row",,,2026-01-05T11:58:58-06:00\r\n',
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
