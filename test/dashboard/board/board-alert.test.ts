import { describe, expect, it } from "vitest";
import { ALL_ALERTS, filteredAlerts, splitAlerts } from "../../../dashboard/board/model/alert-filter.ts";
import { isNews } from "../../../dashboard/board/model/alert-news.ts";
import { isOpen } from "../../../dashboard/board/model/alert-scope.ts";
import { alertName, alertWords, reasonsOf } from "../../../dashboard/board/model/alert-words.ts";
import { boardAlerts, timeLevelOf } from "../../../dashboard/board/model/board-alert.ts";
import { criticalOutOfSight } from "../../../dashboard/board/model/out-of-sight.ts";
import { STANDARD_RULES } from "../../../dashboard/board/model/rules-answer.ts";
import { createText } from "../../../dashboard/board/text/text.ts";
import { fakeAlert } from "../../../dashboard/client/testing.ts";
import type { AlertPatch } from "../../../protocol/alert.ts";
import { anAgent, anAlert, NOON } from "./an-agent.ts";

const english = createText("en");
const spanish = createText("es-MX");
const agents = [
  anAgent({ agentId: "ana", name: "Ana", status: "after call work" }),
  anAgent({
    agentId: "beto",
    name: "Beto",
    status: "on a contact",
    contactId: "chat-1",
    contacts: ["chat-1", "chat-2"].map((contactId) => ({
      contactId,
      channel: "chat",
      status: "on a contact",
      since: NOON,
      startedAt: NOON,
      queue: null,
      direction: null,
      sentimentScore: null,
    })),
  }),
];

function shown(fields: Partial<AlertPatch>) {
  const alert = fakeAlert({ alertId: "x", ...fields });
  const [first] = boardAlerts([alert], { agents, queueNames: { q1: "Ventas" }, rules: STANDARD_RULES.rules });
  if (first === undefined) throw new Error("One alert makes one row.");
  return first;
}

describe("An alert on the board", () => {
  it("belongs to the agent who has its contact, also when the contact is not the one that decides.", () => {
    expect(shown({ subject: { contactId: "chat-2" } })).toMatchObject({ agentId: "beto", name: "Beto", contactId: "chat-2" });
    expect(shown({ subject: { contactId: "over" } })).toMatchObject({ agentId: null, name: null });
    expect(shown({ subject: { queueId: "q1" } })).toMatchObject({ agentId: null, queueId: "q1", name: "Ventas" });
    expect(shown({ subject: "hub" })).toMatchObject({ agentId: null, queueId: null, name: null });
  });

  it("says why it fires, in words of both languages.", () => {
    const words = (fields: Partial<AlertPatch>) => [english, spanish].map((text) => alertWords(shown(fields), text));
    expect(words({ rule: "acw-long", subject: { agentId: "ana" }, value: 300, limit: 300 })).toEqual([
      "After contact work > 5 min",
      "Trabajo posterior: más de 5 min",
    ]);
    expect(words({ rule: "missed-in-row", value: 2, limit: 1 })).toEqual(["2 missed in a row", "2 no contestadas seguidas"]);
    expect(words({ rule: "sentiment-low", severity: "critical", value: -5, limit: -4 })).toEqual([
      "Angry now, \u22125.0",
      "Enojado ahora, \u22125.0",
    ]);
    expect(words({ rule: "service-level", value: 0.61, limit: 0.8 })[0]).toBe("Service level 61%");
    expect(words({ rule: "agent-error", severity: "critical" })).toEqual(["Agent in error", "Agente en error"]);
    expect(words({ rule: "a-rule-of-tomorrow" })).toEqual(["Rule a-rule-of-tomorrow", "Regla a-rule-of-tomorrow"]);
  });

  it("has words for each of the default rules.", () => {
    for (const { id } of STANDARD_RULES.rules) {
      const alert = shown({ rule: id, value: 1, limit: 60 });
      expect(alertWords(alert, english), id).not.toMatch(/[{}]|undefined|^Rule /);
    }
  });

  it("names the break by its own name, and a subject that nobody knows by its id.", () => {
    const lunch = anAlert({ status: "away", statusName: "Comida", limit: 3_600 });
    expect(alertWords(lunch, english)).toBe("Comida > 1 h");
    expect(alertName(shown({ subject: { contactId: "b373d225-c6c8" } }), english)).toBe("Contact b373d225");
    expect(alertName(shown({ subject: "hub" }), english)).toBe("Contact center");
  });

  it("joins a low sentiment and its fall to one reason, with the graver level.", () => {
    const low = anAlert({ id: "low", watch: "sentimentRecent", level: "critical", value: -5, contactId: "c" });
    const fall = anAlert({ id: "fall", watch: "sentimentFall", value: 6.2, contactId: "c", acknowledged: true });
    expect(reasonsOf([low, fall], english)).toEqual([
      { key: "low", level: "critical", words: "angry now, fell 6.2", acknowledged: false },
    ]);
    expect(reasonsOf([low, { ...fall, contactId: "another" }], english)).toHaveLength(2);
    expect(reasonsOf([low, { ...fall, title: "Mal" }], english)).toHaveLength(2);
    expect(reasonsOf([low], english)[0]?.words).toBe("angry now, \u22125.0");
  });

  it("gives the gravest open reason first, and keeps the case of a name that somebody gave.", () => {
    const reasons = reasonsOf(
      [
        anAlert({ id: "done", level: "critical", acknowledged: true }),
        anAlert({ id: "warn", status: "away", statusName: "Comida", limit: 3_600 }),
        anAlert({ id: "bad", level: "critical", watch: "missedInRow", value: 2 }),
      ],
      english,
    );
    expect(reasons.map(({ words }) => words)).toEqual(["2 missed in a row", "Comida > 1 h", "after contact work > 2 min"]);
  });

  it("colours the time in a status only by rules on that time.", () => {
    expect(timeLevelOf([])).toBe("calm");
    expect(timeLevelOf([anAlert({ watch: "sentimentRecent", level: "critical" })])).toBe("calm");
    expect(timeLevelOf([anAlert(), anAlert({ level: "critical" })])).toBe("critical");
  });
});

describe("The reader's teams", () => {
  it("count only what fires, is not acknowledged and is not muted.", () => {
    expect(isOpen(anAlert(), [])).toBe(true);
    expect(isOpen(anAlert({ acknowledged: true }), [])).toBe(false);
    expect(isOpen(anAlert({ firing: false }), [])).toBe(false);
    expect(isOpen(anAlert(), ["acw-long"])).toBe(false);
  });
});

describe("The news of an alert", () => {
  const firing = fakeAlert({ alertId: "x" });
  const seen = { ...firing, acknowledgedBy: "Laura", acknowledgedAt: NOON };

  it("is that it fires, or that it became critical, and nothing else.", () => {
    const news = (before: typeof firing | undefined, after: typeof firing | undefined) => isNews({ alertId: "x", before, after });
    expect(news(undefined, firing)).toBe(true);
    expect(news({ ...firing, state: "resolved" }, firing)).toBe(true);
    expect(news(seen, { ...firing, severity: "critical" })).toBe(true);
    expect(news(firing, { ...firing, groups: ["Ventas"] })).toBe(false);
    expect(news(firing, seen)).toBe(false);
    expect(news({ ...firing, severity: "critical" }, firing)).toBe(false);
    expect(news(firing, { ...firing, state: "resolved" })).toBe(false);
    expect(news(undefined, seen)).toBe(false);
    expect(news(firing, undefined)).toBe(false);
  });
});

describe("The list of alerts", () => {
  const alerts = [
    anAlert({ id: "old-warning", since: NOON - 3 }),
    anAlert({ id: "over", firing: false, resolvedAt: NOON - 1, rule: "hold-long" }),
    anAlert({ id: "critical", level: "critical", since: NOON - 2, groups: ["Ventas"] }),
    anAlert({ id: "just-over", firing: false, resolvedAt: NOON, acknowledged: true }),
    anAlert({ id: "new-warning", since: NOON - 1 }),
  ];

  it("has critical alerts first, then the newest, and what is over by its end.", () => {
    const { firing, over } = splitAlerts(alerts);
    expect(firing.map(({ id }) => id)).toEqual(["critical", "new-warning", "old-warning"]);
    expect(over.map(({ id }) => id)).toEqual(["just-over", "over"]);
  });

  it("is filtered by rule, team, level and acknowledgement.", () => {
    const ids = (filter: Partial<typeof ALL_ALERTS>) => filteredAlerts(alerts, { ...ALL_ALERTS, ...filter }).map(({ id }) => id);
    expect(ids({})).toHaveLength(5);
    expect(ids({ rule: "hold-long" })).toEqual(["over"]);
    expect(ids({ group: "Ventas" })).toEqual(["critical"]);
    expect(ids({ level: "critical" })).toEqual(["critical"]);
    expect(ids({ acknowledged: "yes" })).toEqual(["just-over"]);
    expect(ids({ acknowledged: "no", level: "warn" })).toEqual(["old-warning", "over", "new-warning"]);
  });
});

describe("A critical row out of sight", () => {
  const ids = Array.from({ length: 40 }, (_, index) => `agent-${index}`);
  const rows = ids.map((agentId, index) => ({ kind: "agent" as const, agentId, position: index + 1 }));
  const ordered = rows;
  const critical = (...agentIds: string[]) => new Map(agentIds.map((id) => [id, [anAlert({ agentId: id, level: "critical" })]]));

  it("is above or below what the reader sees.", () => {
    const alerts = critical("agent-2", "agent-12", "agent-30");
    expect(criticalOutOfSight({ rows, ordered, alerts, isHeld: false, first: 10, last: 20 })).toEqual({
      above: ["agent-2"],
      below: ["agent-30"],
    });
  });

  it("is above when only the held order keeps it below.", () => {
    const wanted = [
      ...rows.filter(({ agentId }) => agentId === "agent-32"),
      ...rows.filter(({ agentId }) => agentId !== "agent-32"),
    ];
    const alerts = critical("agent-32");
    expect(criticalOutOfSight({ rows, ordered: wanted, alerts, isHeld: true, first: 0, last: 9 })).toEqual({
      above: ["agent-32"],
      below: [],
    });
  });

  it("does not count a warning or an acknowledged alert.", () => {
    const alerts = new Map([
      ["agent-30", [anAlert({ agentId: "agent-30" })]],
      ["agent-31", [anAlert({ agentId: "agent-31", level: "critical", acknowledged: true })]],
    ]);
    expect(criticalOutOfSight({ rows, ordered, alerts, isHeld: false, first: 0, last: 9 })).toEqual({ above: [], below: [] });
  });
});
