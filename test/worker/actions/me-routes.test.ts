import { describe, expect, it } from "vitest";
import { call, freshInstance, posted, ticket } from "../support.ts";
import { agentState } from "../updates.ts";
import { act } from "./acting.ts";

async function ask(instance: string, path: string, roles: string[], subject = "eva") {
  const headers = { Authorization: `Bearer ${await ticket(instance, { subject, roles })}` };
  const response = await call(`/v1/instances/${instance}/${path}`, { headers });
  return { status: response.status, json: await response.json() };
}

describe("GET …/me", () => {
  it.each([
    { roles: ["supervisor"], granted: ["supervisor"], actions: ["status", "free", "listen", "stop"] },
    { roles: ["admin"], granted: ["admin", "supervisor"], actions: ["status", "free", "listen", "stop"] },
    { roles: [], granted: [], actions: [] },
  ])("ACT-10 tells somebody with the roles $roles what it may do, and nothing else.", async ({ roles, granted, actions }) => {
    const answer = await ask(freshInstance(), "me", roles);
    expect(answer).toEqual({ status: 200, json: { name: "eva", roles: granted, actions, timeZone: expect.any(String) } });
  });

  it("ACT-10 answers nobody without a ticket, and no other method.", async () => {
    const path = `/v1/instances/${freshInstance()}/me`;
    expect((await call(path)).status).toBe(401);
    const refused = await call(path, { method: "POST" });
    expect([refused.status, refused.headers.get("Allow")]).toEqual([405, "GET"]);
  });
});

describe("GET …/audit with a filter", () => {
  it("AUD-1 answers only what one person did, or what was done in one way.", async () => {
    const instance = freshInstance();
    await posted(instance, agentState("a1", { contacts: [] }));
    await act(instance, { action: "status", agentId: "a1", statusName: "Baño" });
    await act(instance, { action: "free", agentId: "a1" }, { subject: "ana" });
    const found = async (query: string) => {
      const { json } = await ask(instance, `audit?${query}`, ["admin"]);
      return JSON.stringify(json).match(/"what":"[^"]*"/g) ?? [];
    };
    expect(await found("who=eva")).toEqual(['"what":"action.status"', '"what":"action.status"']);
    expect(await found("who=ana")).toEqual(['"what":"action.free"']);
    expect(await found("what=action.free")).toEqual(['"what":"action.free"']);
    expect(await found("who=ana&what=action.status")).toEqual([]);
    expect(await ask(instance, "audit?who=", ["admin"])).toMatchObject({ status: 400, json: { error: "invalid_query" } });
  });
});
