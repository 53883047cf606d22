import * as v from "valibot";
import { expect, it } from "vitest";
import { act } from "./actions/acting.ts";
import { call, freshInstance, posted, ticket } from "./support.ts";
import { agentState } from "./updates.ts";
import { TestViewer } from "./viewer.ts";

const answerSchema = v.object({ data: v.array(v.looseObject({ who: v.string(), what: v.string(), subject: v.string() })) });

async function asAdmin(instance: string, path: string, subject: string, groups?: string[], init: RequestInit = {}) {
  const admin = await ticket(instance, { subject, roles: ["admin"], ...(groups && { groups }) });
  return call(`/v1/instances/${instance}/${path}`, { ...init, headers: { Authorization: `Bearer ${admin}` } });
}

/** Returns what the audit says to an admin, as "what subject". */
async function auditOf(instance: string, groups?: string[], query = ""): Promise<string[]> {
  const { data } = v.parse(answerSchema, await (await asAdmin(instance, `audit${query}`, "ana", groups)).json());
  return [...new Set(data.map(({ what, subject }) => `${what} ${subject}`))].sort();
}

it("AUD-4 An admin with group limits reads of agents, alerts and display links within its groups, and of no others.", async () => {
  const instance = freshInstance();
  const stuck = (agentId: string, group: string) => ({
    ...agentState(agentId, { groups: [group] }),
    contacts: [{ contactId: `${agentId}-c`, channel: "voice", state: "error", since: Date.now() - 1000, queue: null }],
  });
  await posted(instance, stuck("a1", "North"), stuck("a2", "South"));
  for (const agentId of ["a1", "a2", "nobody"])
    await act(instance, { action: "status", agentId, statusName: "Baño" }, { subject: "eva" });
  const viewer = await TestViewer.open(instance, { subject: "eva", roles: ["supervisor"] });
  const alertIds = (await firing(instance)).sort();
  for (const alertId of alertIds) viewer.send({ type: "acknowledge", alertId });
  await expect.poll(async () => (await auditOf(instance, undefined, "?what=alert.acknowledge")).length).toBe(2);
  viewer.close();
  const body = (content: object) => JSON.stringify(content);
  for (const [name, groups] of Object.entries({ hall: ["North"], office: ["South"], foyer: ["*"] }))
    await asAdmin(instance, "displays", "root", undefined, { method: "POST", body: body({ name, groups }) });
  await asAdmin(instance, "displays", "ana", undefined, { method: "POST", body: body({ name: "own", groups: ["South"] }) });
  await asAdmin(instance, "rules", "root", undefined, { method: "PUT", body: body({ rules: [] }) });

  const [ofNorth, ofSouth] = alertIds.map((alertId) => `alert.acknowledge ${alertId}`);
  const displays = ["display.make foyer", "display.make hall", "display.make office", "display.make own"];
  const actions = ["action.status a1", "action.status a2", "action.status nobody"];
  expect(await auditOf(instance)).toEqual([...actions, ofNorth, ofSouth, ...displays, "rules.save "]);
  const north = ["action.status a1", ofNorth, "display.make hall", "display.make own", "rules.save "];
  expect(await auditOf(instance, ["North"])).toEqual(north);
  expect(await auditOf(instance, ["South"], "?what=action.status&limit=1")).toEqual(["action.status a2"]);
  expect(await auditOf(instance, ["Elsewhere"], "?who=eva")).toEqual([]);
});

async function firing(instance: string): Promise<string[]> {
  const { data } = await (await asAdmin(instance, "alerts", "ana")).json<{ data: { alertId: string }[] }>();
  return data.map(({ alertId }) => alertId).filter((alertId) => alertId.startsWith("agent-error:"));
}
