import { describe, expect, it } from "vitest";
import { type Layout, listView } from "../../../dashboard/board/model/list-view.ts";
import { shownAgents } from "../../../dashboard/board/model/rows.ts";
import { START_VIEW, type View } from "../../../dashboard/board/model/view.ts";
import { createText } from "../../../dashboard/board/text/text.ts";
import type { AgentView } from "../../../dashboard/client/contract.ts";
import { anAgent, anAlert } from "./an-agent.ts";

const { compare } = createText("en");

const agents: AgentView[] = [
  anAgent({ agentId: "off", name: "Abel", status: "offline" }),
  anAgent({ agentId: "free", name: "Berta" }),
  anAgent({ agentId: "happy", name: "Carlos", status: "on a call", sentimentScore: 4 }),
  anAgent({ agentId: "cool", name: "Delia", status: "on a call", sentimentScore: -1 }),
  anAgent({ agentId: "long", name: "Elsa", status: "after call work" }),
  anAgent({ agentId: "angry", name: "Fidel", status: "on a call", sentimentScore: -4 }),
  anAgent({ agentId: "seen", name: "Gil", status: "on hold" }),
];
const alerts = new Map([
  ["angry", [anAlert({ watch: "sentimentRecent", level: "critical" })]],
  ["long", [anAlert({ level: "warn" })]],
  ["seen", [anAlert({ level: "critical", acknowledged: true })]],
]);

function shown(layout: Layout, change: Partial<View> = {}): string[] {
  const view = listView({ ...START_VIEW, ...change }, layout);
  return shownAgents({ agents, view, alerts, profiles: new Map(), compare }).map((agent) => agent.agentId);
}

describe("A list without a choice of the reader", () => {
  it("shows all agents by name in a table.", () => {
    expect(shown("table")).toEqual(["off", "free", "happy", "cool", "long", "angry", "seen"]);
  });

  it("sorts cards by open alerts, then by sentiment, then by status.", () => {
    expect(shown("cards")).toEqual(["angry", "long", "cool", "happy", "seen", "free", "off"]);
  });

  it("has the same order on the wallboard, without offline agents.", () => {
    expect(shown("wallboard")).toEqual(["angry", "long", "cool", "happy", "seen", "free"]);
  });

  it("changes its order and its filter when the reader chooses them.", () => {
    expect(shown("wallboard", { sort: { column: "agent", descending: true } })[0]).toBe("seen");
    expect(shown("cards", { sort: { column: "sentiment", descending: true } })[0]).toBe("happy");
    expect(shown("wallboard", { statuses: ["offline", "available"] })).toEqual(["free", "off"]);
  });
});
