import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { call, center, freshInstance, post, posted, ticket } from "../support.ts";
import { agentState, contact } from "../updates.ts";

const HOUR = 60 * 60_000;

interface Asked {
  roles?: string[];
  groups?: string[];
  subject?: string;
  method?: string;
  body?: unknown;
  headers?: Record<string, string>;
}

/** Asks as somebody with these roles and groups. Without them it is an admin who sees everything. */
async function ask(instance: string, path: string, { roles, groups, subject, method = "GET", body, headers }: Asked = {}) {
  const identity = { ...(roles && { roles }), ...(groups && { groups }), ...(subject && { subject }) };
  const response = await call(`/v1/instances/${instance}/${path}`, {
    method,
    headers: { Authorization: `Bearer ${await ticket(instance, identity)}`, ...headers },
    ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const type = response.headers.get("Content-Type") ?? "";
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: type.includes("json") ? JSON.parse(text) : null };
}

/** Agents in after call work since an hour: the default rules call that critical. */
async function withAlerts(instance: string): Promise<void> {
  const since = Date.now() - HOUR;
  const wrapUp = (agentId: string, groups: string[]) =>
    agentState(agentId, { groups, contacts: [contact(`c-${agentId}`, { state: "ended", since })] });
  await posted(instance, wrapUp("a1", ["Ventas"]), wrapUp("a2", ["Soporte"]));
}

const dataSchema = v.object({ data: v.array(v.looseObject({})) });
const fieldOf = (json: unknown, field: string) => v.parse(dataSchema, json).data.map((row) => row[field]);

const ACW = { id: "acw", watch: "statusTime", statuses: ["after call work"], critical: 60 };

describe("GET …/alerts", () => {
  it("ALR-15 lists what fires within the groups, and the history on request, with an ETag.", async () => {
    const instance = freshInstance();
    await withAlerts(instance);
    await posted(instance, agentState("a2", { groups: ["Soporte"], occurredAt: Date.now() + 1 }));
    const firing = await ask(instance, "alerts", { roles: [] });
    expect([firing.status, fieldOf(firing.json, "subject")]).toEqual([200, [{ agentId: "a1" }]]);
    expect(firing.json).toMatchObject({ epoch: expect.any(String), seq: expect.any(Number), serverTime: expect.any(Number) });
    const all = await ask(instance, "alerts?state=all");
    expect(fieldOf(all.json, "state").sort()).toEqual(["firing", "resolved"]);
    expect(fieldOf((await ask(instance, "alerts?state=all", { groups: ["Soporte"] })).json, "state")).toEqual(["resolved"]);
    const etag = firing.headers.get("ETag") ?? "";
    // An edge that compresses makes tags weak.
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`]) {
      const again = await ask(instance, "alerts", { headers: { "If-None-Match": known } });
      expect([again.status, again.text]).toEqual([304, ""]);
    }
    expect((await ask(instance, "alerts?state=new")).json).toMatchObject({ error: "invalid_state", path: "state" });
  });

  it("ALR-15 answers 401 without a token, and to a ticket that was used.", async () => {
    const instance = freshInstance();
    for (const path of ["alerts", "rules", "audit"]) expect((await call(`/v1/instances/${instance}/${path}`)).status).toBe(401);
    const headers = { Authorization: `Bearer ${await ticket(instance)}` };
    const answers = [1, 2].map(() => call(`/v1/instances/${instance}/alerts`, { headers }));
    expect((await Promise.all(answers)).map(({ status }) => status).sort()).toEqual([200, 401]);
  });
});

describe("The rules over HTTP", () => {
  it("ALR-17 Everybody reads them; an admin replaces them; they are kept, and count at once.", async () => {
    const instance = freshInstance();
    await withAlerts(instance);
    const before = await ask(instance, "rules", { roles: [] });
    expect(before.json).toMatchObject({ version: 0, changedAt: null, changedBy: null });
    const saved = await ask(instance, "rules", { method: "PUT", subject: "eva", body: { ...before.json, rules: [ACW] } });
    expect(saved.json).toMatchObject({ version: 1, changedBy: "eva", rules: [{ id: "acw", cooldownSeconds: 60 }] });
    await evictDurableObject(center(instance));
    const after = await ask(instance, "rules");
    expect(after.json).toEqual({ ...saved.json, roles: ["admin", "supervisor"], targets: [] });
    expect(before.json).toMatchObject({ roles: [], targets: [] });
    expect(fieldOf((await ask(instance, "alerts")).json, "rule")).toEqual(["acw", "acw"]);
  });

  it("ALR-9 A wrong rule is a 400 that names the place, and changes nothing.", async () => {
    const instance = freshInstance();
    const put = (body: unknown) => ask(instance, "rules", { method: "PUT", body });
    const wrong = await put({ rules: [ACW, { ...ACW, id: "other", critical: "soon" }] });
    expect([wrong.status, wrong.json]).toMatchObject([400, { error: "invalid_rules", path: "rules[1].critical" }]);
    expect((await put({ rules: [ACW, ACW] })).json).toMatchObject({ path: "rules[1].id" });
    const [tooLong, tooLongInUtf8] = ["x".repeat(600_000), "ñ".repeat(300_000)].map((x) => JSON.stringify({ rules: [], x }));
    for (const body of ["", "[]", "{", { ruels: [] }, tooLong, tooLongInUtf8]) {
      const refused = await put(body);
      expect([refused.status, refused.json]).toMatchObject([400, { error: "invalid_rules", path: "rules" }]);
    }
    for (const version of ["0", {}, true])
      expect((await put({ rules: [ACW], version })).json).toMatchObject({ error: "invalid_rules", path: "version" });
    expect((await ask(instance, "rules")).json).toMatchObject({ version: 0 });
    expect((await ask(instance, "audit")).json).toEqual({ data: [] });
  });

  it("ALR-17 Who saves rules of an older version is told so with 409.", async () => {
    const instance = freshInstance();
    const put = (version: number) => ask(instance, "rules", { method: "PUT", body: { rules: [ACW], version } });
    expect([(await put(0)).status, (await put(1)).status, (await put(1)).status]).toEqual([200, 200, 409]);
  });

  it("ALR-17 A viewer and a supervisor may not save, preview or read the audit.", async () => {
    const instance = freshInstance();
    for (const roles of [[], ["supervisor"]]) {
      const body = { rules: [ACW] };
      const answers = [
        await ask(instance, "rules", { roles, method: "PUT", body }),
        await ask(instance, "rules/preview", { roles, method: "POST", body }),
        await ask(instance, "audit", { roles }),
      ];
      expect(answers.map(({ status, json }) => [status, json.error])).toEqual(answers.map(() => [403, "not_allowed"]));
    }
    expect((await ask(instance, "rules", { method: "DELETE" })).headers.get("Allow")).toBe("GET, PUT");
  });

  it("ALR-18 A preview tells whom other rules would meet now, and changes nothing.", async () => {
    const instance = freshInstance();
    await withAlerts(instance);
    const held = { ...ACW, forSeconds: 3_000, quietHours: [{ from: "00:00", to: "24:00" }] };
    const preview = await ask(instance, "rules/preview", {
      method: "POST",
      body: { rules: [held, { ...ACW, id: "late", critical: 7200 }] },
    });
    expect(preview.json).toEqual({
      data: [
        { rule: "acw", warning: 0, critical: 2, names: ["Agent a1", "Agent a2"] },
        { rule: "late", warning: 0, critical: 0, names: [] },
      ],
    });
    expect(fieldOf((await ask(instance, "alerts?state=all")).json, "rule")).toEqual(["acw-long", "acw-long"]);
    const wrong = await ask(instance, "rules/preview", { method: "POST", body: { rules: [{ ...ACW, watch: "x" }] } });
    expect([wrong.status, wrong.json]).toMatchObject([400, { path: "rules[0].watch" }]);
  });
});

describe("The audit over HTTP", () => {
  it("AUD-1 tells who changed which rule and when, the newest first, as JSON and as CSV.", async () => {
    const instance = freshInstance();
    const put = (subject: string, rules: unknown[]) => ask(instance, "rules", { method: "PUT", subject, body: { rules } });
    await put("eva", [ACW]);
    await put("=ana", [{ ...ACW, critical: 90 }]);
    const audit = await ask(instance, "audit");
    expect(fieldOf(audit.json, "who")).toEqual(["=ana", "eva"]);
    expect(fieldOf(audit.json, "what")).toEqual(["rules.save", "rules.save"]);
    expect(JSON.parse(String(fieldOf(audit.json, "detail")[0]))).toMatchObject({
      version: 2,
      added: [],
      removed: [],
      changed: [{ before: { id: "acw", critical: 60 }, after: { critical: 90 } }],
    });
    const csv = await ask(instance, "audit?limit=1", { headers: { Accept: "text/csv" } });
    expect(csv.headers.get("Content-Type")).toContain("text/csv");
    const [head, first, ...rest] = csv.text.split("\r\n");
    expect(head).toBe("at,who,name,what,subject,result,detail");
    expect(first).toContain(",'=ana,'=ana,rules.save,,ok,");
    expect(rest).toEqual([""]);
    expect((await ask(instance, `audit?from=${Date.now() + HOUR}`)).json).toEqual({ data: [] });
    for (const query of ["limit=0", "limit=x", "from=-1", "limit=10001"]) {
      expect((await ask(instance, `audit?${query}`)).json).toMatchObject({ error: "invalid_query" });
    }
  });

  it("AUD-1 A long log is read in steps, and every entry of the time, the person and the deed is found.", async () => {
    const instance = freshInstance();
    await ask(instance, "rules", { method: "PUT", subject: "eva", body: { rules: [] } });
    await runInDurableObject(center(instance), (_, { storage }) => {
      const rows =
        "WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 4500) " +
        "INSERT INTO audit (id, at, who, name, what, subject, result) SELECT i, 1000000 + i, 'ana', 'Ana', 'alerts.test', '', 'ok' FROM n";
      storage.sql.exec("UPDATE audit SET at = 1000001");
      storage.sql.exec(rows);
    });
    const found = async (query: string) => fieldOf((await ask(instance, `audit?${query}`)).json, "at");
    expect(await found("limit=2")).toEqual([1004500, 1004499]);
    expect(await found("who=eva")).toEqual([1000001]);
    expect(await found("what=rules.save&limit=1")).toEqual([1000001]);
    expect(await found("who=nobody")).toEqual([]);
    expect(await found("to=1000004&limit=10")).toEqual([1000003, 1000002, 1000001]);
    expect(await found("from=1004499")).toEqual([1004500, 1004499]);
    expect(await found("limit=10000")).toHaveLength(4500);
  });

  it("AUD-3 The erasure of an agent deletes its alerts and what the audit says about them.", async () => {
    const instance = freshInstance();
    await withAlerts(instance);
    const [alert] = v.parse(dataSchema, (await ask(instance, "alerts", { groups: ["Ventas"] })).json).data;
    expect(await center(instance).acknowledge({ alertId: alert?.["alertId"], subject: "eva", name: "Eva", filter: null })).toBe(
      true,
    );
    expect(fieldOf((await ask(instance, "audit")).json, "name")).toEqual(["Eva"]);
    const erased = await post(instance, null, { path: "erasures", body: JSON.stringify({ agentId: "a1" }) });
    expect(erased.status).toBe(200);
    expect(fieldOf((await ask(instance, "alerts?state=all")).json, "subject")).toEqual([{ agentId: "a2" }]);
    expect((await ask(instance, "audit")).json).toEqual({ data: [] });
  });
});
