import { describe, expect, it } from "vitest";
import { call, freshInstance, ticket } from "../support.ts";

interface Person {
  subject?: string;
  groups?: string[];
  roles?: string[];
}

async function ask(instance: string, method: string, body?: unknown, person: Person = {}): Promise<[number, unknown]> {
  const answer = await call(`/v1/instances/${instance}/views`, {
    method,
    headers: { Authorization: `Bearer ${await ticket(instance, { subject: "eva", ...person })}` },
    ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  return [answer.status, await answer.json()];
}

async function auditOf(instance: string): Promise<unknown[]> {
  const headers = { Authorization: `Bearer ${await ticket(instance)}` };
  const { data } = await (await call(`/v1/instances/${instance}/audit`, { headers })).json<{ data: { what: string }[] }>();
  return data.filter(({ what }) => what === "views.save");
}

const VENTAS = { name: "Ventas en contacto", query: "group=Ventas&status=on+a+call" };
const ALL = { name: "Todos", query: "by=team" };
const viewer = { subject: "ana", roles: [] };

describe("Shared views", () => {
  it("VIEW-1 An admin shares views with the center, and every viewer reads them.", async () => {
    const instance = freshInstance();
    expect(await ask(instance, "GET", undefined, viewer)).toEqual([
      200,
      { views: [], version: 0, changedAt: null, changedBy: null },
    ]);
    const saved = { views: [VENTAS, ALL], version: 1, changedAt: expect.any(Number), changedBy: "eva" };
    expect(await ask(instance, "PUT", { views: [VENTAS, ALL] })).toEqual([200, saved]);
    expect(await ask(instance, "GET", undefined, viewer)).toEqual([200, saved]);
    expect(await ask(instance, "PUT", { views: [ALL], version: 1 })).toMatchObject([200, { views: [ALL], version: 2 }]);
  });

  it.each([[["supervisor"]], [[]]])("VIEW-1 Somebody with the roles %j changes nothing.", async (roles) => {
    const instance = freshInstance();
    expect(await ask(instance, "PUT", { views: [ALL] }, { subject: "ana", roles })).toMatchObject([
      403,
      { error: "not_allowed" },
    ]);
    expect(await ask(instance, "GET")).toMatchObject([200, { views: [], version: 0 }]);
    expect(await auditOf(instance)).toEqual([]);
  });

  it("VIEW-1 The audit says who shared, changed and removed which view, and nothing of a list without a change.", async () => {
    const instance = freshInstance();
    await ask(instance, "PUT", { views: [VENTAS, ALL] });
    await ask(instance, "PUT", { views: [VENTAS, ALL] });
    await ask(instance, "PUT", { views: [{ ...VENTAS, query: "group=Ventas" }] });
    const detail = (shared: string[], changed: string[], removed: string[]) => JSON.stringify({ shared, changed, removed });
    expect(await auditOf(instance)).toMatchObject([
      { who: "eva", result: "ok", detail: detail([], [VENTAS.name], [ALL.name]) },
      { who: "eva", result: "ok", detail: detail([VENTAS.name, ALL.name], [], []) },
    ]);
  });

  it("VIEW-2 Of two admins who change the same edition the second is told to read again.", async () => {
    const instance = freshInstance();
    await ask(instance, "PUT", { views: [VENTAS], version: 0 });
    expect(await ask(instance, "PUT", { views: [ALL], version: 0 })).toMatchObject([409, { error: "changed_meanwhile" }]);
    expect(await ask(instance, "GET")).toMatchObject([200, { views: [VENTAS], version: 1 }]);
  });

  it.each([
    ["", ""],
    [{}, "views"],
    [{ views: [{ name: " ", query: "" }] }, "views.0.name"],
    [{ views: [{ name: "x".repeat(41), query: "" }] }, "views.0.name"],
    [{ views: [{ name: "two\nlines", query: "" }] }, "views.0.name"],
    [{ views: [{ name: "a", query: "x".repeat(2_001) }] }, "views.0.query"],
    [{ views: [ALL, { name: "Todos ", query: "" }] }, "views"],
    [{ views: Array.from({ length: 51 }, (_, n) => ({ name: `v${n}`, query: "" })) }, "views"],
  ])("VIEW-2 The list %j is refused with its place, and changes nothing.", async (body, path) => {
    const instance = freshInstance();
    expect(await ask(instance, "PUT", body)).toMatchObject([400, { error: "invalid_views", path }]);
    expect(await ask(instance, "GET")).toMatchObject([200, { version: 0 }]);
  });

  it("VIEW-3 Somebody with group limits neither sees nor touches views that name other groups.", async () => {
    const instance = freshInstance();
    const limited = { subject: "lia", groups: ["Soporte"] };
    await ask(instance, "PUT", { views: [VENTAS, ALL] });
    expect(await ask(instance, "GET", undefined, limited)).toMatchObject([200, { views: [ALL] }]);
    expect(await ask(instance, "PUT", { views: [VENTAS] }, limited)).toMatchObject([403, { error: "not_allowed" }]);
    const taken = { name: VENTAS.name, query: "group=Soporte" };
    expect(await ask(instance, "PUT", { views: [taken] }, limited)).toMatchObject([409, { error: "name_taken" }]);
    expect(await ask(instance, "PUT", { views: [] }, limited)).toMatchObject([200, { views: [] }]);
    expect(await ask(instance, "GET")).toMatchObject([200, { views: [VENTAS] }]);
  });

  it("VIEW-2 Views that the admin does not see count for the 50, and stay.", async () => {
    const instance = freshInstance();
    const many = (count: number, group: string) =>
      Array.from({ length: count }, (_, index) => ({ name: `${group} ${index}`, query: `group=${group}` }));
    const ventas = { groups: ["Ventas"] };
    expect((await ask(instance, "PUT", { views: many(30, "Soporte") }))[0]).toBe(200);
    expect(await ask(instance, "PUT", { views: many(21, "Ventas") }, ventas)).toMatchObject([409, { error: "too_many_views" }]);
    expect(await ask(instance, "GET", undefined, ventas)).toMatchObject([200, { views: [], version: 1 }]);
    expect((await ask(instance, "PUT", { views: many(20, "Ventas") }, ventas))[0]).toBe(200);
    expect(await ask(instance, "GET")).toMatchObject([200, { views: { length: 50 } }]);
  });

  it("VIEW-1 Other methods are refused, and so is somebody without an identity.", async () => {
    const instance = freshInstance();
    expect(await ask(instance, "DELETE")).toMatchObject([405, { error: "method_not_allowed" }]);
    expect((await call(`/v1/instances/${instance}/views`)).status).toBe(401);
  });
});
