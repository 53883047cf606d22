import { evictDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { call, center, freshInstance, posted, ticket } from "../support.ts";
import { agentState } from "../updates.ts";
import { askDisplays, buyTicket, displayTicket, madeSecret, namesOf, secretIn } from "./support.ts";

const YEAR = 365 * 24 * 60 * 60_000;

async function audit(instance: string): Promise<unknown> {
  const headers = { Authorization: `Bearer ${await ticket(instance)}` };
  return (await call(`/v1/instances/${instance}/audit`, { headers })).json();
}

describe("Display links over HTTP", () => {
  it("DIS-1 An admin makes a link for a year, lists it without its secret, and removes it.", async () => {
    const instance = freshInstance();
    const before = Date.now();
    const made = await askDisplays(instance, "POST", "", { name: " Sala norte ", groups: ["Ventas", "Soporte"] });
    expect([made.status, made.headers.get("Cache-Control")]).toEqual([200, "no-store"]);
    const { url, expiresAt } = made.json as { url: string; expiresAt: number };
    expect(Object.keys(made.json as object)).toEqual(["url", "expiresAt"]);
    expect(expiresAt).toBeGreaterThanOrEqual(before + YEAR);
    expect(expiresAt).toBeLessThanOrEqual(Date.now() + YEAR);
    const address = new URL(url);
    expect([address.origin, address.pathname, address.search]).toEqual(["https://board.example.com", "/", ""]);
    expect(new URLSearchParams(address.hash.slice(1)).get("instance")).toBe(instance);
    const listed = await askDisplays(instance, "GET");
    expect(listed.json).toEqual({
      data: [
        {
          name: "Sala norte",
          groups: ["Ventas", "Soporte"],
          madeAt: expiresAt - YEAR,
          madeBy: "eva",
          usedAt: null,
          expiresAt,
        },
      ],
    });
    await displayTicket(instance, secretIn(url));
    expect((await askDisplays(instance, "GET")).json).toMatchObject({ data: [{ usedAt: expect.any(Number) }] });
    const removed = await askDisplays(instance, "DELETE", `/${encodeURIComponent("Sala norte")}`);
    expect([removed.status, removed.json]).toEqual([200, { name: "Sala norte" }]);
    expect(await namesOf(instance)).toEqual([]);
    expect((await askDisplays(instance, "DELETE", "/Sala%20norte")).json).toMatchObject({ error: "unknown_display" });
    expect(await audit(instance)).toMatchObject({
      data: [
        { who: "eva", what: "display.remove", subject: "Sala norte", result: "ok" },
        {
          who: "eva",
          what: "display.make",
          subject: "Sala norte",
          detail: JSON.stringify({ groups: ["Ventas", "Soporte"], replaced: false }),
        },
      ],
    });
  });

  it("DIS-1 Only an admin makes, lists and removes links, and a display is none.", async () => {
    const instance = freshInstance();
    const secret = await madeSecret(instance, "wall");
    for (const [method, path, body] of [
      ["POST", "", { name: "x", groups: ["*"] }],
      ["GET", ""],
      ["DELETE", "/wall"],
    ] as const) {
      for (const roles of [[], ["supervisor"]]) {
        expect((await askDisplays(instance, method, path, body, { roles })).status, `${method} ${roles}`).toBe(403);
      }
      const address = `/v1/instances/${instance}/displays${path}`;
      const init = { method, ...(body !== undefined && { body: JSON.stringify(body) }) };
      expect((await call(address, init)).status).toBe(401);
      expect((await call(address, { ...init, headers: { Authorization: `Display ${secret}` } })).status).toBe(401);
      const headers = { Authorization: `Bearer ${await displayTicket(instance, secret)}` };
      expect((await call(address, { ...init, headers })).status).toBe(403);
    }
    expect(await namesOf(instance)).toEqual(["wall"]);
    const wrong = await askDisplays(instance, "PUT");
    expect([wrong.status, wrong.headers.get("Allow")]).toEqual([405, "GET, POST"]);
    expect((await askDisplays(instance, "GET", "/wall")).headers.get("Allow")).toBe("DELETE");
  });

  it("DIS-2 A wrong name or list of groups is a 400 that names the place, and makes nothing.", async () => {
    const instance = freshInstance();
    const refusedAt = async (body: unknown) => {
      const { status, json } = await askDisplays(instance, "POST", "", body);
      return [status, (json as { error: string }).error, (json as { path: string }).path];
    };
    const wrong = (path: string) => [400, "invalid_display", path];
    for (const name of [undefined, null, 7, "", "  ", ".", "..", "x".repeat(101), "two\nlines", "\u200b", "\ud800", "nul\0"]) {
      expect(await refusedAt({ name, groups: ["*"] }), JSON.stringify(name)).toEqual(wrong("name"));
    }
    const tooMany = Array.from({ length: 65 }, (_, index) => `g${index}`);
    const tooLong = Array.from({ length: 60 }, (_, index) => `${index}`.padEnd(200, "x"));
    for (const groups of [undefined, null, "*", {}, [], [""], [7], ["x".repeat(257)], tooMany, tooLong]) {
      expect(await refusedAt({ name: "x", groups }), JSON.stringify(groups)).toEqual(wrong("groups"));
    }
    for (const body of ["", "[]", "{", "null", `{"name":"x","groups":["*"],"x":"${"x".repeat(70_000)}"}`]) {
      expect((await refusedAt(body)).slice(0, 2), body.slice(0, 20)).toEqual([400, "invalid_display"]);
    }
    expect(await namesOf(instance)).toEqual([]);
  });

  it("DIS-2 A name with any sign in it finds its link again, in both forms of Unicode.", async () => {
    const instance = freshInstance();
    const names = ["a/b", "50 %", "¿norte?#", "Señalización", "壁", "...", "a.b", "__proto__"];
    for (const name of names) await madeSecret(instance, name);
    expect((await namesOf(instance)).sort()).toEqual([...names].sort());
    for (const name of names) {
      const path = `/${encodeURIComponent(name.normalize("NFD"))}`;
      expect((await askDisplays(instance, "DELETE", path)).status, name).toBe(200);
    }
    expect(await namesOf(instance)).toEqual([]);
    for (const path of ["/%E0%A4%A", "/%00", `/${"x".repeat(200)}`]) {
      expect((await askDisplays(instance, "DELETE", path)).status, path).toBe(404);
    }
  });

  it("DIS-3 An admin with group limits makes no link that sees more, and knows only of links within them.", async () => {
    const instance = freshInstance();
    const groups = ["Ventas", "Soporte"];
    await madeSecret(instance, "everything");
    await madeSecret(instance, "others", ["Ventas", "Cobros"]);
    const make = (name: string, asked: string[]) => askDisplays(instance, "POST", "", { name, groups: asked }, { groups });
    for (const asked of [["*"], ["Cobros"], ["Ventas", "Cobros"], ["ventas"], ["Ventas", "*"]]) {
      const refused = await make("mine", asked);
      expect([refused.status, refused.json], asked.join()).toMatchObject([403, { error: "not_allowed", path: "groups" }]);
    }
    expect((await make("mine", ["Ventas"])).status).toBe(200);
    expect(await namesOf(instance, { groups })).toEqual(["mine"]);
    for (const name of ["everything", "others"]) {
      expect([(await make(name, ["Ventas"])).status, name]).toEqual([409, name]);
      expect((await askDisplays(instance, "DELETE", `/${name}`, undefined, { groups })).status).toBe(404);
    }
    expect(await namesOf(instance, { groups: [] })).toEqual([]);
    expect(await namesOf(instance)).toEqual(["everything", "mine", "others"]);
    expect((await askDisplays(instance, "DELETE", "/mine", undefined, { groups: ["Ventas"] })).status).toBe(200);
  });

  it("DIS-2 A contact center has 200 links at most, and a name used again is no further one.", async () => {
    const instance = freshInstance();
    const admin = { subject: "eva", name: "eva", filter: null, ticket: null };
    const make = (name: string) =>
      center(instance).ask(admin, { what: "make-display", name, filter: null, secretHash: crypto.randomUUID() });
    for (let count = 0; count < 200; count += 1) await make(`wall ${count}`);
    expect((await askDisplays(instance, "POST", "", { name: "one more", groups: ["*"] })).json).toMatchObject({
      error: "too_many_displays",
    });
    expect((await make("wall 7")).ok).toBe(true);
    expect(await namesOf(instance)).toHaveLength(200);
  });
});

describe("A ticket of a display", () => {
  it("DIS-4 looks within the groups of the link, without any role, also after the hub restarted.", async () => {
    const instance = freshInstance();
    await posted(instance, agentState("a1", { groups: ["Ventas"] }), agentState("a2", { groups: ["Soporte"] }));
    const secret = await madeSecret(instance, "wall", ["Ventas"]);
    for (const authorization of [`Display ${secret}`, `display ${secret}`]) {
      const bought = await buyTicket(instance, authorization);
      expect([bought.status, bought.headers.get("Cache-Control")]).toEqual([200, "no-store"]);
    }
    await evictDurableObject(center(instance));
    const get = async (path: string) => {
      const headers = { Authorization: `Bearer ${await displayTicket(instance, secret)}` };
      return call(`/v1/instances/${instance}/${path}`, { headers });
    };
    expect(await (await get("agents")).json()).toMatchObject({ data: [{ agentId: "a1" }] });
    expect((await get("audit")).status).toBe(403);
    const all = await madeSecret(instance, "all", ["*", "Ventas"]);
    const headers = { Authorization: `Bearer ${await displayTicket(instance, all)}` };
    const everybody = await (await call(`/v1/instances/${instance}/agents`, { headers })).json<{ data: unknown[] }>();
    expect(everybody.data).toHaveLength(2);
  });

  it("DIS-5 A wrong, malformed, removed, replaced or foreign link gets one and the same 401, also in local mode.", async () => {
    const [instance, other] = [freshInstance(), freshInstance()];
    const removed = await madeSecret(instance, "removed");
    await askDisplays(instance, "DELETE", "/removed");
    const replaced = await madeSecret(instance, "wall");
    const valid = await madeSecret(instance, "wall");
    const foreign = await madeSecret(other, "wall");
    const flipped = valid.slice(0, 10) + (valid[10] === "A" ? "B" : "A") + valid.slice(11);
    const wrong = [
      removed,
      replaced,
      foreign,
      flipped,
      valid.toUpperCase(),
      valid.slice(4),
      `${valid}x`,
      "x",
      `${valid} ${valid}`,
    ];
    const answers = await Promise.all([
      ...wrong.map((secret) => buyTicket(instance, `Display ${secret}`)),
      buyTicket(instance, "Display"),
      buyTicket(instance, "display "),
      buyTicket("no-such-instance", `Display ${valid}`),
    ]);
    const words = answers.map(({ status, text, headers }) => [status, text, headers.get("WWW-Authenticate")]);
    expect(new Set(words.map((word) => JSON.stringify(word)))).toEqual(
      new Set([JSON.stringify([401, '{"error":"unauthorized"}', 'Display realm="vigia"'])]),
    );
    expect((await buyTicket(instance, `Display ${valid}`)).status).toBe(200);
    // The secret is no bearer token, and no ticket.
    expect((await call(`/v1/instances/${instance}/agents`, { headers: { Authorization: `Bearer ${valid}` } })).status).toBe(401);
  });

  it("DIS-6 A display that asks for more than 60 tickets a minute gets 429, and others do not wait for it.", async () => {
    const instance = freshInstance();
    const [busy, calm] = [await madeSecret(instance, "busy"), await madeSecret(instance, "calm")];
    const statuses = [];
    for (let count = 0; count < 62; count += 1) statuses.push((await buyTicket(instance, `Display ${busy}`)).status);
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(0);
    expect(statuses.slice(0, 30)).toEqual(Array(30).fill(200));
    expect((await buyTicket(instance, `Display ${calm}`)).status).toBe(200);
  });

  it("DIS-6 An address that tries secrets gets 429, whichever it tries.", async () => {
    const instance = freshInstance();
    const statuses = [];
    // The limit counts by the minute of the clock, so these are more than two minutes allow.
    for (let count = 0; count < 205; count += 1) {
      const secret = `vgd_${String(count).padEnd(43, "A")}`;
      statuses.push((await buyTicket(instance, `Display ${secret}`, { "CF-Connecting-IP": "203.0.113.77" })).status);
    }
    expect(new Set(statuses)).toEqual(new Set([401, 429]));
    expect(statuses.slice(0, 50)).toEqual(Array(50).fill(401));
  });
});
