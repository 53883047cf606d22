import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { decodeJwt } from "jose";
import * as v from "valibot";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { hashDisplaySecret, makeDisplaySecret } from "../../../worker/auth/display-secret.ts";
import { connectAt, requestSocketAt } from "../relay-viewer.ts";
import { center, freshInstance, post, posted, withoutRules } from "../support.ts";
import { agentState } from "../updates.ts";
import { TestViewer } from "../viewer.ts";
import { askDisplays, buyTicket, displayTicket, madeSecret, namesOf } from "./support.ts";

const listSchema = v.object({ data: v.array(v.object({ usedAt: v.nullable(v.number()) })) });
const DAY = 24 * 60 * 60_000;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** Everything that is stored, as one text. */
function storedText(instance: string): Promise<string> {
  return runInDurableObject(center(instance), (_, { storage }) => {
    const tables = storage.sql.exec<{ name: string }>(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '_cf_%'",
    );
    return JSON.stringify([...tables].map(({ name }) => [...storage.sql.exec(`SELECT * FROM "${name}"`)]));
  });
}

const statusOf = async (instance: string, secret: string) => (await buyTicket(instance, `Display ${secret}`)).status;

describe("The secret of a display", () => {
  it("DIS-8 It has 256 random bits, and storage and log have only a hash of it.", async () => {
    const instance = freshInstance();
    const lines = vi.spyOn(console, "log").mockImplementation(() => {});
    const secret = await madeSecret(instance, "wall");
    expect(await statusOf(instance, secret)).toBe(200);
    await askDisplays(instance, "GET");
    await buyTicket(instance, `Display ${secret}x`);
    await askDisplays(instance, "DELETE", "/wall");
    expect(await statusOf(instance, secret)).toBe(401);
    expect(secret).toMatch(/^vgd_[\w-]{43}$/);
    expect(JSON.stringify(lines.mock.calls)).not.toContain(secret.slice(4));
    const again = await madeSecret(instance, "wall");
    const stored = await storedText(instance);
    expect(stored).not.toContain(again.slice(4));
    expect(stored).toContain(await hashDisplaySecret(again, "vigia", instance));
    expect(new Set(Array.from({ length: 1_000 }, makeDisplaySecret)).size).toBe(1_000);
  });

  it("DIS-8 The hash is another one for another hub and for another instance.", async () => {
    const secret = makeDisplaySecret();
    const places = [
      ["vigia", "a"],
      ["vigia-staging", "a"],
      ["vigia", "b"],
      ["vigi", "aa"],
    ] as const;
    const hashes = await Promise.all(places.map(([hub, instance]) => hashDisplaySecret(secret, hub, instance)));
    expect(new Set(hashes).size).toBe(places.length);
  });
});

describe("A display link in time", () => {
  it("DIS-9 A wallboard renews for a year without a person. Then its link is refused and leaves storage.", async () => {
    const instance = freshInstance();
    await withoutRules(instance);
    const made = Date.now();
    const secret = await madeSecret(instance, "wall");
    for (let month = 1; month <= 12; month += 1) {
      vi.setSystemTime(made + month * 30 * DAY);
      expect(await statusOf(instance, secret)).toBe(200);
    }
    const year = made + 365 * DAY;
    vi.setSystemTime(year - 10 * 60_000);
    const { end } = v.parse(v.object({ end: v.number() }), decodeJwt(await displayTicket(instance, secret)));
    expect(end).toBe(Math.floor(year / 1000));
    vi.setSystemTime(year + 1);
    expect([await statusOf(instance, secret), await namesOf(instance)]).toEqual([401, []]);
    for (let alarms = 0; alarms < 50; alarms += 1) {
      const at = await runInDurableObject(center(instance), (_, { storage }) => storage.getAlarm());
      if (at === null) break;
      vi.setSystemTime(Math.max(at, Date.now()));
      await runDurableObjectAlarm(center(instance));
    }
    expect(await storedText(instance)).not.toContain(await hashDisplaySecret(secret, "vigia", instance));
  });

  it("DIS-1 The list says when a wallboard asked for a ticket last, to ten minutes.", async () => {
    const instance = freshInstance();
    const secret = await madeSecret(instance, "wall");
    const made = Date.now();
    const used: unknown[] = [];
    for (const minutes of [0, 9, 11, 20, 22]) {
      vi.setSystemTime(made + minutes * 60_000);
      await displayTicket(instance, secret);
      const { data } = v.parse(listSchema, (await askDisplays(instance, "GET")).json);
      used.push(((data[0]?.usedAt ?? 0) - made) / 60_000);
    }
    expect(used).toEqual([0, 0, 11, 11, 22]);
  });

  it("DIS-9 A link whose time is over leaves storage also when nobody ever comes.", async () => {
    const instance = freshInstance();
    await withoutRules(instance);
    await madeSecret(instance, "wall");
    for (let alarms = 0; alarms < 50; alarms += 1) {
      const at = await runInDurableObject(center(instance), (_, { storage }) => storage.getAlarm());
      if (at === null) break;
      vi.setSystemTime(at);
      await runDurableObjectAlarm(center(instance));
    }
    const rows = await runInDurableObject(center(instance), (_, { storage }) => [...storage.sql.exec("SELECT * FROM displays")]);
    expect(rows).toEqual([]);
  });
});

describe("A display at a relay", () => {
  it("DIS-7 A removed link closes the sockets of relays, and a relay refuses one that the primary has just let pass.", async () => {
    const instance = freshInstance();
    await posted(instance, agentState("a1"));
    const secret = await madeSecret(instance, "wall");
    const { sub = "" } = decodeJwt(await displayTicket(instance, secret));
    const relay = `${instance}/enam/1`;
    const wall = await connectAt(relay, null, sub);
    const person = await connectAt(relay, null, "ana");
    const forRefresh = await displayTicket(instance, secret);
    expect((await askDisplays(instance, "DELETE", "/wall")).status).toBe(200);
    await wall.until(({ closed }) => closed !== null, "the end");
    expect(wall.closed?.code).toBe(4503);
    const { webSocket } = await requestSocketAt(relay, null, sub);
    if (webSocket === null) throw new Error("The relay opened no WebSocket.");
    const late = new TestViewer(webSocket);
    await late.until(({ closed }) => closed !== null, "the refusal");
    expect(late.closed?.code).toBe(4503);
    expect(person.closed).toBeNull();
    person.send({ type: "refresh", ticket: forRefresh });
    await person.until(({ closed }) => closed !== null, "the refusal");
    expect(person.closed?.code).toBe(4503);
    expect(await env.RELAY.getByName(relay).viewerCount()).toBe(0);
  });
});

describe("Display links and the data of an instance", () => {
  const pageSchema = v.object({ page: v.nullable(v.looseObject({ table: v.string() })), next: v.unknown() });
  const data = (instance: string, path: string, body: unknown) => post(instance, null, { path, body: JSON.stringify(body) });

  async function backup(instance: string): Promise<{ table: string }[]> {
    const pages = [];
    for (let after: unknown = null; ; ) {
      const { page, next } = v.parse(pageSchema, await (await data(instance, "backups", { after })).json());
      if (page === null) return pages;
      pages.push(page);
      after = next;
    }
  }

  it("DIS-10 No backup has links, and a restore keeps those of the hub: it revives none and signs no wallboard out.", async () => {
    const instance = freshInstance();
    await posted(instance, agentState("a1"));
    const removed = await madeSecret(instance, "removed");
    const pages = await backup(instance);
    expect(pages.map(({ table }) => table)).not.toContain("displays");
    await askDisplays(instance, "DELETE", "/removed");
    const later = await madeSecret(instance, "later");
    for (const [part, page] of pages.entries()) {
      const answer = await data(instance, "restores", { restoreId: "r", part, last: part === pages.length - 1, ...page });
      expect(answer.status).toBe(200);
    }
    expect([await statusOf(instance, removed), await statusOf(instance, later)]).toEqual([401, 200]);
    const forged = { restoreId: "f", part: 0, last: true, table: "displays", columns: ["name"], rows: [["removed"]] };
    expect((await data(instance, "restores", forged)).status).toBe(400);
    expect(await namesOf(instance)).toEqual(["later"]);
  });

  it("DIS-10 The erasure of everything removes the links.", async () => {
    const instance = freshInstance();
    const secret = await madeSecret(instance, "wall");
    const unused = await displayTicket(instance, secret);
    expect((await data(instance, "erasures", { everything: true })).status).toBe(200);
    expect([await statusOf(instance, secret), await namesOf(instance)]).toEqual([401, []]);
    const late = await TestViewer.open(instance, { token: unused });
    await late.until(({ closed }) => closed !== null, "the refusal");
    expect(late.closed?.code).toBe(4503);
  });
});
