import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { call, posted, ticket } from "../support.ts";
import { agentState, contact } from "../updates.ts";
import { ordersOf, type Supervisor } from "./acting.ts";

const auditSchema = v.object({ data: v.array(v.looseObject({ what: v.string(), result: v.string() })) });

async function ask(instance: string, contactId: string, body: unknown, who: Supervisor = {}) {
  const identity = { subject: "eva", roles: ["supervisor"], ...who };
  const response = await call(`/v1/instances/${instance}/contacts/${contactId}/recording`, {
    method: "POST",
    headers: { Authorization: `Bearer ${await ticket(instance, identity)}` },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  return { status: response.status, headers: response.headers, json: await response.json<Record<string, unknown>>() };
}

/** What the audit has about recordings, the oldest first. */
async function auditText(instance: string): Promise<{ results: string[]; text: string }> {
  const headers = { Authorization: `Bearer ${await ticket(instance, { subject: "auditor" })}` };
  const text = await (await call(`/v1/instances/${instance}/audit?limit=10000`, { headers })).text();
  const { data } = v.parse(auditSchema, JSON.parse(text));
  const results = data.filter(({ what }) => what === "recording.open").map(({ result }) => result);
  return { results: results.toReversed(), text };
}

const A1 = { agentId: "a1" };

describe("A link to a recording", () => {
  it("REC-1 REC-6 is given for the agent's contact, noted in the audit twice, and written nowhere.", async () => {
    const instance = "recording-found";
    await posted(instance, agentState("a1", { groups: ["Ventas"], contacts: [contact("c1")] }));
    const answer = await ask(instance, "c1", A1, { groups: ["Ventas"] });
    expect(answer.json).toEqual({
      url: expect.stringMatching(/^https:\/\/s3\.example\/r\.wav/),
      expiresAt: 1_800_000_000_000,
    });
    expect([answer.status, answer.headers.get("Cache-Control")]).toEqual([200, "no-store"]);
    const [sent] = await ordersOf(instance, "hub-recording");
    expect(sent?.order).toMatchObject({ action: "recording", instanceId: instance, agentId: "a1", contactId: "c1" });
    const { results, text } = await auditText(instance);
    expect(results).toEqual(["sent", "ok"]);
    expect(text).not.toContain("s3.example");
  });

  it("REC-1 REC-2 REC-6 is refused without the role, out of sight and for another contact, and nothing is sent.", async () => {
    const instance = "recording-found";
    await posted(instance, agentState("a2", { groups: ["Ventas"], contacts: [contact("c2")] }));
    const before = [(await ordersOf(instance, "hub-recording")).length, (await auditText(instance)).results.length];
    const A2 = { agentId: "a2" };
    expect(await ask(instance, "c2", A2, { subject: "r1", roles: [] })).toMatchObject({
      status: 403,
      json: { error: "not_allowed" },
    });
    const hidden = await ask(instance, "c2", A2, { subject: "r2", groups: ["Soporte"] });
    expect(hidden).toMatchObject({ status: 404, json: { error: "not_found" } });
    for (const [contactId, body] of [
      ["c2", { agentId: "ghost" }],
      ["c9", A2],
    ] as const)
      expect((await ask(instance, contactId, body, { subject: "r3" })).json).toEqual(hidden.json);
    const { results } = await auditText(instance);
    expect((await ordersOf(instance, "hub-recording")).length).toBe(before[0]);
    expect(results.slice(before[1])).toEqual(["not_allowed", "not_found", "not_found", "not_found"]);
  });

  it.each([
    ["recording-none", 409, "recording_not_ready"],
    ["recording-unknown", 504, "too_slow"],
    ["recording-forged", 503, "function_refused"],
  ])(
    "REC-4 REC-6 With the function of %s the answer for a running contact is %i %s, and the audit has it.",
    async (instance, status, code) => {
      await posted(instance, agentState("a1", { contacts: [contact("c1")] }));
      expect(await ask(instance, "c1", A1)).toMatchObject({ status, json: { error: code, message: expect.any(String) } });
      expect((await auditText(instance)).results).toEqual(["sent", code]);
    },
  );

  it("REC-7 A body that names no agent or a wrong day is 400, and another method 405.", async () => {
    for (const body of ["", {}, { agentId: "" }, { agentId: "a1", date: "today" }])
      expect(await ask("recording-found", "c1", body)).toMatchObject({ status: 400, json: { error: "invalid_request" } });
    expect((await call("/v1/instances/recording-found/contacts/c1/recording")).status).toBe(405);
  });

  it("REC-7 One person may ask for ten at once.", async () => {
    const answers: Awaited<ReturnType<typeof ask>>[] = [];
    for (let n = 0; n < 14; n += 1) answers.push(await ask("recording-found", "c9", A1, { subject: "many" }));
    expect(answers.slice(0, 10).map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 404));
    expect(answers.at(-1)?.status).toBe(429);
    expect(answers.at(-1)?.headers.get("Retry-After")).toMatch(/^[1-9]$/);
  });
});
