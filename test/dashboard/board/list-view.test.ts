import { describe, expect, it } from "vitest";
import { attentionOf } from "../../../dashboard/board/model/attention.ts";
import { listView } from "../../../dashboard/board/model/list-view.ts";
import { shownAgents } from "../../../dashboard/board/model/rows.ts";
import { START_VIEW, type View } from "../../../dashboard/board/model/view.ts";
import { createText } from "../../../dashboard/board/text/text.ts";
import type { AgentView } from "../../../dashboard/client/contract.ts";
import { anAgent, anAlert, NOON } from "./an-agent.ts";

const text = createText("en");

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

function shown(change: Partial<View> = {}): string[] {
  const view = listView({ ...START_VIEW, ...change });
  const attention = attentionOf(alerts, new Map(), NOON);
  return shownAgents({ agents, view, alerts, attention, profiles: new Map(), text }).map((agent) => agent.agentId);
}

describe("A list without a choice of the reader", () => {
  it("shows who needs a hand first and the others by name, with offline last.", () => {
    expect(shown()).toEqual(["angry", "long", "free", "happy", "cool", "seen", "off"]);
    expect(listView(START_VIEW).headings).toBe("attention");
  });

  it("has the groups that the reader chooses instead of the sections, and no sections in another order.", () => {
    expect(listView({ ...START_VIEW, groupBy: "team" }).headings).toBe("team");
    expect(listView({ ...START_VIEW, sort: { column: "time", descending: true } }).headings).toBe("none");
  });

  it("changes its order and its filter when the reader chooses them.", () => {
    expect(shown({ sort: { column: "agent", descending: true } })[0]).toBe("seen");
    expect(shown({ sort: { column: "sentiment", descending: true } })[0]).toBe("happy");
    expect(shown({ statuses: ["offline", "available"] })).toEqual(["free", "off"]);
  });
});
