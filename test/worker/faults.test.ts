import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { CLOSE } from "../../protocol/close-codes.ts";
import { aTurn } from "../support/updates.ts";
import { call, center, freshInstance, post, posted, signedTicket, withoutRules } from "./support.ts";
import { agentState, onCall } from "./updates.ts";
import { TestViewer } from "./viewer.ts";

const MINUTE = 60_000;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

function sql(instance: string, statement: string): Promise<void> {
  return runInDurableObject(center(instance), (_, { storage }) => void storage.sql.exec(statement));
}

/** Lets every write of agents fail, as a full storage does. SQLite names the cause in the error. */
function fillStorage(instance: string): Promise<void> {
  return sql(instance, "CREATE TRIGGER full BEFORE INSERT ON agents BEGIN SELECT RAISE(ABORT, 'disk full: SQLITE_FULL'); END");
}

function emptyStorage(instance: string): Promise<void> {
  return sql(instance, "DROP TRIGGER full");
}

async function figureOf(instance: string, name: string): Promise<number> {
  const line = (await center(instance).metrics()).split("\n").find((each) => each.startsWith(`vigia_${name} `));
  return Number(line?.slice(line.lastIndexOf(" ")));
}

function alarmOf(instance: string): Promise<number | null> {
  return runInDurableObject(center(instance), (_, { storage }) => storage.getAlarm());
}

describe("A storage that is full", () => {
  it("ING-11 Viewers stay, the post is answered 503, the log and the metrics name the cause, and nothing acknowledged is lost.", async () => {
    const instance = freshInstance();
    await posted(instance, agentState("a1", { name: "Ana" }), agentState("a2"));
    const viewer = await TestViewer.open(instance);
    await viewer.until((each) => each.agents.size === 2, "the list");
    await fillStorage(instance);
    const logged = vi.spyOn(console, "log");
    for (const id of ["p1", "p2"]) {
      const refused = await post(instance, [agentState("a1", { occurredAt: Date.now() + 1, name: "Eva" })], { id });
      expect([refused.status, refused.headers.get("Retry-After")]).toEqual([503, "1"]);
    }
    expect(logged.mock.calls.flat().join()).toContain('"event":"storage_failed"');
    expect(logged.mock.calls.flat().join()).toContain('"cause":"SQLITE_FULL"');
    expect(await figureOf(instance, "storage_failures_total")).toBe(2);
    expect(await figureOf(instance, "storage_writable")).toBe(0);
    const late = await TestViewer.open(instance);
    await late.until((each) => each.agents.get("a1")?.name === "Ana", "the state that is stored");

    await emptyStorage(instance);
    const again = await post(instance, [agentState("a1", { occurredAt: Date.now() + 1, name: "Eva" })], { id: "p1" });
    expect(await again.json()).toMatchObject({ accepted: 1, duplicate: false, seq: 3 });
    for (const each of [viewer, late]) await each.until(({ agents }) => agents.get("a1")?.name === "Eva", "the repeated post");
    expect([viewer.closed, viewer.gaps, await figureOf(instance, "storage_writable")]).toEqual([null, [], 1]);
    for (const each of [viewer, late]) each.close();
  });

  it("ING-11 What was stored just before reaches the viewers although the next post cannot be stored.", async () => {
    const instance = freshInstance();
    await posted(instance, onCall("a1", "c1"));
    const viewer = await TestViewer.open(instance);
    viewer.send({ type: "watch", contactId: "c1" });
    await viewer.until((each) => each.transcripts.length === 1, "the transcript");
    await fillStorage(instance);
    // Both in one event of the object, so that the first is not flushed yet.
    await runInDurableObject(center(instance), async (object) => {
      object.ingest("p1", [aTurn({ contactId: "c1", turnId: "t1" })], 0);
      object.ingest(
        "p2",
        [
          {
            type: "contact.sentiment",
            contactId: "c1",
            initialContactId: null,
            occurredAt: Date.now(),
            turns: 1,
            customer: SCORE,
            agent: SCORE,
          },
        ],
        0,
      );
    }).catch(() => {});
    await viewer.until((each) => each.transcripts.length === 2, "the stored turn");
    expect(viewer.agents.get("a1")?.sentimentScore).toBeNull();
    await emptyStorage(instance);
    viewer.close();
  });

  it("OPS-1 readyz answers 503 with the reason while the storage is full, and 200 again afterwards.", async () => {
    const ready = async () => {
      const response = await call("/readyz");
      return [response.status, (await response.json<{ error?: string }>()).error];
    };
    // The first instance of the settings is the one that readyz asks.
    expect(await ready()).toEqual([200, undefined]);
    await fillStorage("test-1");
    await post("test-1", [agentState("a1")]);
    await sql("test-1", "CREATE TRIGGER probe BEFORE INSERT ON meta BEGIN SELECT RAISE(ABORT, 'disk full: SQLITE_FULL'); END");
    expect(await ready()).toEqual([503, "storage_full"]);
    await sql("test-1", "DROP TRIGGER probe");
    expect(await ready()).toEqual([200, undefined]);
    await emptyStorage("test-1");
  });

  it("TIM-5 An expiry run that cannot be stored is tried again 30 s later, and viewers stay.", async () => {
    const instance = freshInstance();
    await posted(instance, agentState("a1"));
    const viewer = await TestViewer.open(instance);
    await fillStorage(instance);
    vi.setSystemTime(Date.now() + 5 * MINUTE);
    await runDurableObjectAlarm(center(instance));
    expect(await alarmOf(instance)).toBe(Date.now() + 30_000);
    expect(viewer.agents.get("a1")?.stale).not.toBe(true);
    await emptyStorage(instance);
    vi.setSystemTime(Date.now() + 30_000);
    await runDurableObjectAlarm(center(instance));
    await viewer.until((each) => each.agents.get("a1")?.stale === true, "the agent turning stale");
    expect(viewer.closed).toBeNull();
    viewer.close();
  });
});

describe("An alarm that is lost", () => {
  const lose = (instance: string) => runInDurableObject(center(instance), (_, { storage }) => storage.deleteAlarm());

  it("TIM-6 The next post sets it again, for everything that is due.", async () => {
    const instance = freshInstance();
    await posted(instance, agentState("a1"));
    await lose(instance);
    vi.setSystemTime(Date.now() + 7 * MINUTE);
    await posted(instance, agentState("a2", { occurredAt: Date.now() }));
    expect(await alarmOf(instance)).toBe(Date.now());
  });

  it("TIM-6 The next viewer sets it again.", async () => {
    const instance = freshInstance();
    await posted(instance, agentState("a1"));
    await lose(instance);
    vi.setSystemTime(Date.now() + 7 * MINUTE);
    const viewer = await TestViewer.open(instance);
    expect(await alarmOf(instance)).toBeLessThanOrEqual(Date.now() + 10_000);
    viewer.close();
  });

  it("TIM-6 An object that wakes without its alarm sets it again.", async () => {
    const instance = freshInstance();
    await withoutRules(instance);
    await posted(instance, agentState("a1"));
    const due = Date.now() + 5 * MINUTE;
    await lose(instance);
    await evictDurableObject(center(instance));
    await center(instance).ping();
    expect(await alarmOf(instance)).toBe(due);
  });
});

describe("A session whose end the object sleeps through", () => {
  it("SES-8 The object closes it when it wakes, and keeps the others.", async () => {
    const instance = freshInstance();
    await posted(instance, agentState("a1"));
    const end = Math.floor(Date.now() / 1000) + 60;
    const [over, lasting] = [
      await TestViewer.open(instance, { token: await signedTicket(instance, { end }) }),
      await TestViewer.open(instance),
    ];
    for (const each of [over, lasting]) await each.until(({ agents }) => agents.size === 1, "the list");
    await runInDurableObject(center(instance), (_, { storage }) => storage.deleteAlarm());
    await evictDurableObject(center(instance));
    vi.setSystemTime((end + 1) * 1000);
    await posted(instance, agentState("a2"));
    await over.until((each) => each.closed !== null, "the end of the session");
    expect(over.closed).toEqual(CLOSE.ticketExpired);
    await lasting.until((each) => each.agents.has("a2"), "the next change");
    expect([over.agents.has("a2"), lasting.closed]).toEqual([false, null]);
    lasting.close();
  });

  it("SES-8 A viewer whose session is over gets no change, although the alarm is late.", async () => {
    const instance = freshInstance();
    const end = Math.floor(Date.now() / 1000) + 60;
    const viewer = await TestViewer.open(instance, { token: await signedTicket(instance, { end }) });
    await viewer.until((each) => each.frames.length === 1, "the list");
    vi.setSystemTime(end * 1000);
    await posted(instance, agentState("a1"));
    await viewer.until((each) => each.closed !== null, "the end of the session");
    expect([viewer.closed, viewer.agents.size]).toEqual([CLOSE.ticketExpired, 0]);
  });

  it("SES-8 A ticket for a session that is over opens no session.", async () => {
    const instance = freshInstance();
    const token = await signedTicket(instance, { end: Math.floor(Date.now() / 1000) });
    const viewer = await TestViewer.open(instance, { token });
    await viewer.until((each) => each.closed !== null, "a close");
    expect([viewer.closed, viewer.frames]).toEqual([CLOSE.ticketExpired, []]);
  });
});

describe("The counters of an object that sleeps", () => {
  it("OPS-3 No total falls, and nine updates with a sleep after each count as nine.", async () => {
    const instance = freshInstance();
    const viewer = await TestViewer.open(instance);
    await viewer.until((each) => each.frames.length === 1, "the list");
    const before = new Map<string, number>();
    for (let round = 1; round <= 9; round += 1) {
      vi.setSystemTime(Date.now() + MINUTE);
      await posted(instance, agentState("a1", { name: `Round ${round}`, occurredAt: Date.now() }));
      await viewer.until((each) => each.agents.get("a1")?.name === `Round ${round}`, "the change");
      await evictDurableObject(center(instance));
      for (const [name, value] of totalsOf(await center(instance).metrics())) {
        expect(value, name).toBeGreaterThanOrEqual(before.get(name) ?? 0);
        before.set(name, value);
      }
    }
    expect(before.get('vigia_updates_total{outcome="accepted"}')).toBe(9);
    expect(before.get("vigia_frames_sent_total")).toBe(10);
    expect(before.get("vigia_flushes_total")).toBe(9);
    viewer.close();
  });
});

const SCORE = { score: 1, quarters: [1, null, null, null], recent: 1 } satisfies object;

function totalsOf(metrics: string): [string, number][] {
  const lines = metrics.split("\n").filter((line) => /^vigia_\w+_total\b/.test(line));
  return lines.map((line) => [line.slice(0, line.lastIndexOf(" ")), Number(line.slice(line.lastIndexOf(" ")))]);
}
