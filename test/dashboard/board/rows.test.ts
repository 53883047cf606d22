import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ColumnKey, OPTIONAL_KEYS } from "../../../dashboard/board/columns/column-keys.ts";
import { type Attention, attentionOf } from "../../../dashboard/board/model/attention.ts";
import { listView } from "../../../dashboard/board/model/list-view.ts";
import { heldOrder, listRows, placedAgents, type RowsInput, shownAgents } from "../../../dashboard/board/model/rows.ts";
import { STATUS_ORDER } from "../../../dashboard/board/model/status-order.ts";
import { START_VIEW, sortedBy, type View } from "../../../dashboard/board/model/view.ts";
import { createText, type Locale } from "../../../dashboard/board/text/text.ts";
import type { AgentView } from "../../../dashboard/client/contract.ts";
import { anAgent, anAlert, NOON } from "./an-agent.ts";

const text = createText("es-MX");
const BY_NAME = { column: "agent", descending: false } as const;

function inputOf(agents: AgentView[], view: Partial<View>, rest: Partial<RowsInput> = {}): RowsInput {
  const alerts = rest.alerts ?? new Map();
  const attention = attentionOf(alerts, new Map(), NOON);
  return { agents, view: listView({ ...START_VIEW, ...view }), alerts, attention, profiles: new Map(), text, ...rest };
}

function shown(
  agents: AgentView[],
  view: Partial<View>,
  alerts: RowsInput["alerts"] = new Map(),
  profiles: RowsInput["profiles"] = new Map(),
): string[] {
  return shownAgents(inputOf(agents, { sort: BY_NAME, ...view }, { alerts, profiles })).map((agent) => agent.agentId);
}

/** The rows of the list: a heading as its key with its count, an agent as its id. */
function rowsOf(agents: AgentView[], view: Partial<View>, rest: Partial<RowsInput> = {}): string[] {
  const input = inputOf(agents, view, rest);
  return listRows(placedAgents(shownAgents(input), { ...input, headings: input.view.headings }), input.view.headings).map(
    (row) => (row.kind === "group" ? `${row.key}: ${row.count}` : row.agentId),
  );
}

const center = [
  anAgent({
    agentId: "a",
    name: "Álvaro Núñez",
    status: "on a call",
    queue: "Ventas",
    groups: ["MX", "Ventas"],
    sentimentScore: -3,
    contactId: "c-77",
    callStartedAt: NOON - 5000,
  }),
  anAgent({
    agentId: "b",
    name: "Beto",
    status: "away",
    statusName: "Almuerzo",
    groups: ["MX", "Soporte"],
    since: NOON - 900_000,
  }),
  anAgent({
    agentId: "c",
    name: "Carla",
    status: "on a call",
    queue: "Soporte",
    groups: ["CO"],
    sentimentScore: 2,
    callStartedAt: NOON - 9000,
  }),
  anAgent({ agentId: "d", name: "Dora", status: "offline" }),
];

describe("The filters", () => {
  it("find words in any order and without accents in name, team, queue, status and contact.", () => {
    expect(shown(center, { search: "nunez alvaro" })).toEqual(["a"]);
    expect(shown(center, { search: "SOPORTE" })).toEqual(["b", "c"]);
    expect(shown(center, { search: "almuerzo" })).toEqual(["b"]);
    expect(shown(center, { search: "c-77" })).toEqual(["a"]);
    const contact = { contactId: "chat-5", channel: "chat", status: "on a contact", since: NOON, startedAt: NOON } as const;
    const chats = anAgent({ agentId: "e", contacts: [{ ...contact, queue: "Web", direction: null, sentimentScore: null }] });
    expect(shown([...center, chats], { search: "chat-5" })).toEqual(["e"]);
    expect(shown(center, { search: "nobody" })).toEqual([]);
  });

  it("find what the screen says in the reader's language: status, reason, channel and who listens.", () => {
    const agents = [
      anAgent({ agentId: "a", status: "ringing", channel: "chat" }),
      anAgent({ agentId: "b", status: "missed", listening: [{ agentId: null, name: "Laura", since: NOON }] }),
      anAgent({ agentId: "c", status: "on a contact", channel: "email", nextStatus: "Comida" }),
    ];
    const alerts = new Map([["b", [anAlert({ agentId: "b", watch: "missedInRow", value: 2 })]]]);
    const found = (search: string, locale: Locale) =>
      shownAgents(inputOf(agents, { search }, { alerts, text: createText(locale) })).map(({ agentId }) => agentId);
    expect(found("timbrando", "es-MX")).toEqual(["a"]);
    expect(found("ringing", "es-MX")).toEqual([]);
    expect(found("ringing", "en")).toEqual(["a"]);
    expect(found("no contesto", "es-MX")).toEqual(["b"]);
    expect(found("2 missed in a row", "en")).toEqual(["b"]);
    expect(found("correo", "es-MX")).toEqual(["c"]);
    expect(found("siguiente comida", "es-MX")).toEqual(["c"]);
    expect(found("laura", "en")).toEqual(["b"]);
  });

  it("show the agents with a contact of a channel, the deciding one or another.", () => {
    const chat = { contactId: "k", channel: "chat", status: "on a contact", since: NOON, startedAt: NOON } as const;
    const agents = [
      anAgent({ agentId: "a", channel: "voice", contacts: [{ ...chat, queue: null, direction: null, sentimentScore: null }] }),
      anAgent({ agentId: "b", channel: "voice" }),
      anAgent({ agentId: "c" }),
    ];
    expect(shown(agents, { channels: ["chat"] })).toEqual(["a"]);
    expect(shown(agents, { channels: ["voice"] })).toEqual(["a", "b"]);
    expect(shown(agents, { channels: ["task", "email"] })).toEqual([]);
  });

  it("show the agents who could answer in a queue, and those with a contact of it.", () => {
    const staff = [...center, anAgent({ agentId: "e", name: "Eva", routingProfile: "Vendedores" })];
    const profiles = new Map([["Ventas", ["Vendedores"]]]);
    expect(shown(staff, { queues: ["Ventas"] }, new Map(), profiles)).toEqual(["a", "e"]);
    expect(shown(staff, { queues: ["Ventas"] })).toEqual(["a"]);
    expect(shown(staff, { queues: ["Ventas", "Soporte"] }, new Map(), profiles)).toEqual(["a", "c", "e"]);
  });

  it("let an agent pass that fits one choice of each filter.", () => {
    expect(shown(center, { statuses: ["on a call", "away"] })).toEqual(["a", "b", "c"]);
    expect(shown(center, { groups: ["MX"] })).toEqual(["a", "b"]);
    expect(shown(center, { statuses: ["on a call"], queues: ["Soporte"] })).toEqual(["c"]);
    expect(shown(center, { sentiments: ["negative"] })).toEqual(["a"]);
    expect(shown(center, { sentiments: ["unscored"] })).toEqual(["b", "d"]);
  });

  it("use open alerts only, but count a sentiment as falling after its alert is acknowledged.", () => {
    const alerts = new Map([
      ["a", [anAlert({ watch: "sentimentFall", acknowledged: true })]],
      ["c", [anAlert({ level: "critical" })]],
    ]);
    expect(shown(center, { alerts: ["warn"] }, alerts)).toEqual([]);
    expect(shown(center, { alerts: ["critical", "warn"] }, alerts)).toEqual(["c"]);
    expect(shown(center, { sentiments: ["falling"] }, alerts)).toEqual(["a"]);
  });
});

describe("The order", () => {
  it("puts the longest time first, and agents without a value last in both directions.", () => {
    expect(shown(center, { sort: { column: "time", descending: true } })[0]).toBe("b");
    expect(shown(center, { sort: { column: "sentiment", descending: false } })).toEqual(["a", "c", "b", "d"]);
    expect(shown(center, { sort: { column: "sentiment", descending: true } })).toEqual(["c", "a", "b", "d"]);
    expect(shown(center, { sort: { column: "call", descending: true } })).toEqual(["c", "a", "b", "d"]);
  });

  it("puts a critical alert above many warnings.", () => {
    const alerts = new Map([
      ["b", [anAlert({}), anAlert({ id: "y" }), anAlert({ id: "z" })]],
      ["d", [anAlert({ level: "critical" })]],
    ]);
    expect(shown(center, { sort: sortedBy({ column: "agent", descending: false }, "alerts") }, alerts)).toEqual([
      "d",
      "b",
      "a",
      "c",
    ]);
  });

  const agents = fc.uniqueArray(
    fc.record({
      agentId: fc.string({ minLength: 1, maxLength: 3 }),
      name: fc.constantFrom("Ana", "ana", "Ánna", "Beto"),
      status: fc.constantFrom<AgentView["status"]>("available", "on a call", "away"),
      since: fc.integer({ min: 0, max: 3 }),
      queue: fc.constantFrom(null, "Q", "R"),
      sentimentScore: fc.constantFrom(null, -1, 0, 1),
    }),
    { selector: (agent) => agent.agentId },
  );

  it("does not depend on the order in which the agents come, for every column.", () => {
    fc.assert(
      fc.property(
        agents,
        fc.constantFrom<ColumnKey>("agent", ...OPTIONAL_KEYS),
        fc.boolean(),
        fc.infiniteStream(fc.nat()),
        (list, column, descending, random) => {
          const all = list.map((part) => anAgent(part));
          const shuffled = all
            .map((agent): [number, AgentView] => [random.next().value ?? 0, agent])
            .sort(([a], [b]) => a - b)
            .map(([, agent]) => agent);
          expect(shown(shuffled, { sort: { column, descending } })).toEqual(shown(all, { sort: { column, descending } }));
        },
      ),
    );
  });

  it("keeps the places of known agents while it is held, and only of those who pass the filters.", () => {
    fc.assert(
      fc.property(agents, agents, (before, now) => {
        const held = before.map(({ agentId }) => ({ agentId, group: "" }));
        const placed = now.map((part) => ({ agent: anAgent(part), group: "" }));
        const ids = new Set(now.map(({ agentId }) => agentId));
        const order = heldOrder(held, placed, "none").map(({ agent }) => agent.agentId);
        const kept = held.map(({ agentId }) => agentId).filter((id) => ids.has(id));
        expect(order.slice(0, kept.length)).toEqual(kept);
        expect([...order].sort()).toEqual([...ids].sort());
      }),
    );
  });

  it("keeps the headings too while it is held, and puts a new agent below all others.", () => {
    const placed = (agentId: string, group: string) => ({ agent: anAgent({ agentId }), group });
    const held = [
      { agentId: "a", group: "needy" },
      { agentId: "b", group: "others" },
      { agentId: "c", group: "others" },
    ];
    const now = [placed("new", "needy"), placed("c", "needy"), placed("a", "others"), placed("b", "others")];
    expect(heldOrder(held, now, "attention").map(({ agent, group }) => [agent.agentId, group])).toEqual([
      ["a", "needy"],
      ["b", "others"],
      ["c", "others"],
      ["new", "others"],
    ]);
    const byTeam = [placed("new", "needy"), placed("b", "others"), placed("a", "needy"), placed("c", "others")];
    expect(heldOrder(held, byTeam, "team").map(({ agent }) => agent.agentId)).toEqual(["a", "new", "b", "c"]);
  });
});

describe("A list with groups", () => {
  it("counts each agent once, sorts teams by name with no team last, and sorts statuses by urgency.", () => {
    expect(rowsOf(center, { groupBy: "team", sort: BY_NAME })).toEqual([
      "CO: 1",
      "c",
      "MX/Soporte: 1",
      "b",
      "MX/Ventas: 1",
      "a",
      ": 1",
      "d",
    ]);
    expect(rowsOf(center, { groupBy: "status", sort: BY_NAME })).toEqual([
      "on a call: 2",
      "a",
      "c",
      "away: 1",
      "b",
      "offline: 1",
      "d",
    ]);
  });

  it("keeps teams of one name in two countries apart, and teams whose names only look alike.", () => {
    const agents = [
      anAgent({ agentId: "1", groups: ["México", "Ventas"] }),
      anAgent({ agentId: "2", groups: ["Colombia", "Ventas"] }),
      anAgent({ agentId: "3", groups: ["México · Ventas"] }),
      anAgent({ agentId: "4", groups: ["mexico", "ventas"] }),
    ];
    expect(rowsOf(agents, { groupBy: "team" }).filter((row) => row.endsWith(": 1"))).toHaveLength(4);
  });
});

describe("The order of attention", () => {
  const alertsOf = (...alerts: Parameters<typeof anAlert>[0][]) =>
    new Map(alerts.map((alert) => [alert?.agentId ?? "", [anAlert({ id: `of ${alert?.agentId}`, ...alert })]]));

  it("has who needs a hand in a section of its own, by level, then by time, and all others by name with offline last.", () => {
    const alerts = alertsOf(
      { agentId: "c", level: "warn", since: NOON - 50 },
      { agentId: "b", level: "critical", since: NOON - 10 },
      { agentId: "a", level: "critical", since: NOON - 20 },
      { agentId: "f", level: "critical", acknowledged: true },
    );
    const agents = "abcdefg"
      .split("")
      .map((agentId) => anAgent({ agentId, name: agentId, status: agentId === "d" ? "offline" : "available" }));
    expect(rowsOf(agents, {}, { alerts })).toEqual(["needy: 3", "a", "b", "c", "others: 4", "e", "f", "g", "d"]);
  });

  it("has the heading for who needs a hand without anybody under it, but none in an empty list.", () => {
    expect(rowsOf([anAgent()], {})).toEqual(["needy: 0", "others: 1", "a"]);
    expect(rowsOf([anAgent()], {}, { alerts: alertsOf({ agentId: "a" }) })).toEqual(["needy: 1", "a"]);
    expect(rowsOf([], {})).toEqual([]);
  });

  it("does not change with scores, times and statuses of signed-in agents.", () => {
    const signedIn = fc.constantFrom<AgentView["status"]>(...STATUS_ORDER.filter((status) => status !== "offline"));
    const moving = fc.record({ status: signedIn, since: fc.nat(), sentimentScore: fc.double({ min: -5, max: 5, noNaN: true }) });
    const alerts = alertsOf({ agentId: "b" }, { agentId: "e", level: "critical" });
    fc.assert(
      fc.property(fc.array(moving, { minLength: 6, maxLength: 6 }), (changes) => {
        const agents = changes.map((change, index) => anAgent({ agentId: "abcdef"[index] ?? "", name: `N${index}`, ...change }));
        expect(rowsOf(agents, {}, { alerts })).toEqual(["needy: 2", "e", "b", "others: 4", "a", "c", "d", "f"]);
      }),
    );
  });

  it("lifts a row at once, lets it sink after half a minute, and takes it out of the section at once.", () => {
    const at = (level: "critical" | "warn" | null, before: Attention, now: number) =>
      attentionOf(new Map(level === null ? [] : [["a", [anAlert({ level, since: now - 5 })]]]), before, now);
    const warned = at("warn", new Map(), NOON);
    expect(warned.get("a")).toMatchObject({ level: 1, since: NOON - 5 });
    const critical = at("critical", warned, NOON + 1_000);
    expect(critical.get("a")).toMatchObject({ level: 0, since: NOON - 5 });
    const eased = at("warn", critical, NOON + 2_000);
    expect(eased.get("a")?.level).toBe(0);
    expect(at("warn", eased, NOON + 31_999)).toBe(eased);
    expect(at("warn", eased, NOON + 32_000).get("a")).toMatchObject({ level: 1, since: NOON - 5 });
    expect(at("critical", eased, NOON + 3_000).get("a")).toMatchObject({ level: 0, calmerSince: null });
    expect(at(null, critical, NOON + 2_000).size).toBe(0);
  });
});
