import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ColumnKey, OPTIONAL_KEYS } from "../../../dashboard/board/columns/column-keys.ts";
import { listView } from "../../../dashboard/board/model/list-view.ts";
import { heldOrder, listRows, type RowsInput, shownAgents } from "../../../dashboard/board/model/rows.ts";
import { START_VIEW, sortedBy, type View } from "../../../dashboard/board/model/view.ts";
import { createText } from "../../../dashboard/board/text/text.ts";
import type { AgentView } from "../../../dashboard/client/contract.ts";
import { anAgent, anAlert, NOON } from "./an-agent.ts";

const { compare } = createText("es-MX");

function shown(
  agents: AgentView[],
  view: Partial<View>,
  alerts: RowsInput["alerts"] = new Map(),
  profiles: RowsInput["profiles"] = new Map(),
): string[] {
  return shownAgents({ agents, view: listView({ ...START_VIEW, ...view }, "table"), alerts, profiles, compare }).map(
    (agent) => agent.agentId,
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

  it("keeps the places of known agents while it is held, and puts new agents at the end.", () => {
    fc.assert(
      fc.property(agents, agents, (before, now) => {
        const held = before.map((agent) => agent.agentId);
        const known = new Map(now.map((part) => [part.agentId, anAgent(part)]));
        const order = heldOrder(held, [...known.values()], (id) => known.get(id)).map((agent) => agent.agentId);
        expect(order.slice(0, held.filter((id) => known.has(id)).length)).toEqual(held.filter((id) => known.has(id)));
        expect([...order].sort()).toEqual([...known.keys()].sort());
      }),
    );
  });
});

describe("A list with groups", () => {
  it("counts each agent once, sorts teams by name with no team last, and sorts statuses by urgency.", () => {
    const byTeam = listRows(center, { view: { ...START_VIEW, groupBy: "team" }, compare });
    expect(byTeam.filter((row) => row.kind === "group")).toEqual([
      { kind: "group", key: "CO", count: 1 },
      { kind: "group", key: "MX · Soporte", count: 1 },
      { kind: "group", key: "MX · Ventas", count: 1 },
      { kind: "group", key: "", count: 1 },
    ]);
    const byStatus = listRows(center, { view: { ...START_VIEW, groupBy: "status" }, compare });
    expect(byStatus.map((row) => (row.kind === "group" ? row.key : row.position))).toEqual([
      "on a call",
      1,
      2,
      "away",
      3,
      "offline",
      4,
    ]);
  });

  it("names a repeated level once.", () => {
    const [row] = listRows([anAgent({ groups: ["Ventas", "Ventas · MX"] })], {
      view: { ...START_VIEW, groupBy: "team" },
      compare,
    });
    expect(row).toEqual({ kind: "group", key: "Ventas · MX", count: 1 });
  });
});
