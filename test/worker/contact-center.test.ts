import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { CLOSE } from "../../protocol/close-codes.ts";
import { center, freshInstance, post, posted, signedTicket, ticket } from "./support.ts";
import { agentState, onCall, turn } from "./updates.ts";
import { TestViewer } from "./viewer.ts";

const MINUTE = 60_000;

/** Counts the rows of one of the object's tables. */
function countRows(instance: string, table: "posts" | "tickets" | "revocations"): Promise<unknown> {
  return runInDurableObject(
    center(instance),
    (_, { storage }) => storage.sql.exec(`SELECT count(*) AS n FROM ${table}`).one()["n"],
  );
}

async function closeOf(viewer: TestViewer): Promise<unknown> {
  await viewer.until((each) => each.closed !== null, "a close");
  return viewer.closed;
}

/** The value of one line of the metrics. */
async function figureOf(instance: string, name: string): Promise<number> {
  const lines = (await center(instance).metrics()).split("\n");
  const line = lines.find((each) => each.startsWith(`vigia_${name} `));
  if (line === undefined) throw new Error(`The metrics have no figure ${name}.`);
  return Number(line.slice(line.lastIndexOf(" ")));
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe("A poll", () => {
  it("POL-2 The ETag differs by group filter and by change, and not by time.", async () => {
    const instance = freshInstance();
    await posted(instance, agentState("a1", { groups: ["Ventas"] }));
    const poll = async (groups: string[] | null, known: string | null = null) => {
      const polled = await center(instance).poll(groups, "ana", null, known);
      if (polled === null) throw new Error("The hub refused the poll.");
      return { etag: polled.etag, body: polled.body };
    };
    const whole = await poll(null);
    const ventas = await poll(["Ventas"]);
    expect(whole.etag).not.toBe(ventas.etag);
    expect(await poll(["Ventas", "Ventas"], ventas.etag)).toEqual({ etag: ventas.etag, body: null });
    vi.setSystemTime(Date.now() + MINUTE);
    expect(await poll(null, whole.etag)).toEqual({ etag: whole.etag, body: null });
    expect((await poll(null, ventas.etag)).body).toContain('"a1"');
    expect((await poll(null, "")).body).toContain('"a1"');
    await posted(instance, agentState("a2"));
    const changed = await poll(null, whole.etag);
    expect(changed.body).toContain('"a2"');
    expect(changed.etag).not.toBe(whole.etag);
  });

  it("POL-3 The hub refuses the poll of a revoked viewer, and a poll with a used ticket.", async () => {
    const instance = freshInstance();
    const used = { id: "t1", expiresAt: Date.now() + MINUTE };
    const poll = async (subject: string, spent: typeof used | null) =>
      (await center(instance).poll(null, subject, spent, null)) !== null;
    expect(await poll("ana", used)).toBe(true);
    expect(await poll("ana", used)).toBe(false);
    expect(await poll("ana", null)).toBe(true);
    await center(instance).revoke("ana");
    expect(await poll("ana", null)).toBe(false);
    expect(await poll("eve", null)).toBe(true);
  });
});

describe("A revocation", () => {
  it("SES-14 A revocation closes all sockets of the viewer, and the answer says how many there were.", async () => {
    const instance = freshInstance();
    const eves = [await TestViewer.open(instance, { subject: "eve" }), await TestViewer.open(instance, { subject: "eve" })];
    const ana = await TestViewer.open(instance, { subject: "ana" });
    expect(await center(instance).revoke("eve")).toBe(2);
    for (const eve of eves) expect(await closeOf(eve)).toEqual(CLOSE.revoked);
    expect(await center(instance).revoke("eve")).toBe(0);
    expect(await figureOf(instance, 'viewers{at="primary"}')).toBe(1);
    expect(ana.closed).toBeNull();
    ana.close();
  });

  it("SES-14 A revoked viewer cannot connect for 60 s, also after the object's sleep, and can afterwards.", async () => {
    const instance = freshInstance();
    await center(instance).revoke("eve");
    await evictDurableObject(center(instance));
    vi.setSystemTime(Date.now() + MINUTE - 1);
    expect(await closeOf(await TestViewer.open(instance, { subject: "eve" }))).toEqual(CLOSE.revoked);
    vi.setSystemTime(Date.now() + 1);
    const back = await TestViewer.open(instance, { subject: "eve" });
    await back.until((each) => each.frames.length === 1, "the list");
    back.close();
  });
});

describe("A ticket for a longer session", () => {
  it("SES-4 SES-9 The hub redeems a ticket once.", async () => {
    const instance = freshInstance();
    const token = await ticket(instance, { subject: "ana", groups: ["Ventas"] });
    expect(await center(instance).redeem(token)).toMatchObject({ ok: true, ticket: { subject: "ana", groupFilter: ["Ventas"] } });
    expect(await center(instance).redeem(token)).toEqual({ ok: false, reason: CLOSE.ticketExpired });
  });

  it("SES-7 SES-9 The hub redeems no ticket that is malformed, foreign, expired, or of a revoked viewer.", async () => {
    const instance = freshInstance();
    const reasonFor = async (token: string) => {
      const redeemed = await center(instance).redeem(token);
      return redeemed.ok ? null : redeemed.reason.reason;
    };
    expect(await reasonFor("nonsense")).toBe("bad_ticket");
    expect(await reasonFor(await ticket(freshInstance()))).toBe("bad_ticket");
    expect(await reasonFor(await signedTicket(instance, { expires: 1 }))).toBe("ticket_expired");
    const token = await ticket(instance, { subject: "eve" });
    await center(instance).revoke("eve");
    expect(await reasonFor(token)).toBe("revoked");
  });
});

describe("What the object deletes", () => {
  it("The object deletes expired tickets with the next post, at most every ten minutes.", async () => {
    const instance = freshInstance();
    const start = Date.now();
    await posted(instance, agentState("a1"));
    await center(instance).poll(null, "ana", { id: "t1", expiresAt: start + MINUTE }, null);
    vi.setSystemTime(start + 10 * MINUTE - 1);
    await posted(instance, agentState("a1"));
    expect(await countRows(instance, "tickets")).toBe(1);
    vi.setSystemTime(start + 10 * MINUTE);
    await posted(instance, agentState("a1"));
    expect(await countRows(instance, "tickets")).toBe(0);
  });

  it("ING-9 The object deletes remembered posts after fifteen minutes, also when only its alarm runs.", async () => {
    const instance = freshInstance();
    await posted(instance, agentState("a1"));
    await center(instance).revoke("eve");
    expect(await countRows(instance, "posts")).toBe(1);
    vi.setSystemTime(Date.now() + 16 * MINUTE);
    await runDurableObjectAlarm(center(instance));
    expect(await countRows(instance, "posts")).toBe(0);
    expect(await countRows(instance, "revocations")).toBe(0);
  });
});

describe("The counters of the object", () => {
  it("OPS-2 The object counts accepted, stale and refused updates, repeated posts, and its viewers.", async () => {
    const instance = freshInstance();
    const now = Date.now();
    const heartbeat = { type: "agent.heartbeat", agentId: "a1", occurredAt: now } as const;
    await center(instance).ingest("p1", [heartbeat, { ...heartbeat, agentId: "a2" }], 2);
    const again = await center(instance).ingest("p1", [heartbeat], 3);
    expect(again).toMatchObject({ accepted: 0, stale: 0, duplicate: true, watched: [] });
    const viewer = await TestViewer.open(instance);
    await viewer.until((each) => each.frames.length === 1, "the list");
    const outcome = (name: string) => figureOf(instance, `updates_total{outcome="${name}"}`);
    expect((await outcome("accepted")) + (await outcome("stale"))).toBe(2);
    expect(await outcome("duplicate")).toBe(1);
    expect(await outcome("refused")).toBe(5);
    expect(await figureOf(instance, 'viewers{at="primary"}')).toBe(1);
    viewer.close();
    for (let tries = 0; tries < 500 && (await figureOf(instance, 'viewers{at="primary"}')) > 0; tries += 1)
      await scheduler.wait(5);
    expect(await figureOf(instance, 'viewers{at="primary"}')).toBe(0);
  });

  it("ING-9 The answer to a repeated post has the epoch and the newest seq.", async () => {
    const instance = freshInstance();
    const { epoch } = await posted(instance, agentState("a1"));
    await center(instance).ingest("p1", [], 0);
    expect(await center(instance).ingest("p1", [], 0)).toMatchObject({ duplicate: true, epoch, seq: 1 });
  });
});

describe("A post that cannot be stored", () => {
  it("SEQ-1 The object restarts from its storage, and accepts the same post afterwards.", async () => {
    const instance = freshInstance();
    await posted(instance, agentState("a1"));
    const sql = (statement: string) =>
      runInDurableObject(center(instance), (_, { storage }) => void storage.sql.exec(statement)).catch(() => {});
    const updates = ["a1", "a2"].map((agentId) => ({ type: "agent.heartbeat", agentId, occurredAt: Date.now() + 10 * MINUTE }));
    await sql("CREATE TRIGGER full BEFORE INSERT ON agents BEGIN SELECT RAISE(ABORT, 'full'); END");
    expect((await post(instance, updates, { id: "p1" })).status).toBe(503);
    await sql("DROP TRIGGER full");
    const again = await post(instance, updates, { id: "p1" });
    expect(await again.json()).toMatchObject({ duplicate: false, accepted: 2, stale: 0 });
  });
});

describe("The sockets of the object", () => {
  it("SES-10 A viewer whose connection broke is removed.", async () => {
    const instance = freshInstance();
    const viewer = await TestViewer.open(instance);
    await viewer.until((each) => each.frames.length === 1, "the list");
    await runInDurableObject(center(instance), async (object, state) => {
      const [socket] = state.getWebSockets();
      if (socket !== undefined) await object.webSocketError(socket);
    });
    expect(await figureOf(instance, 'viewers{at="primary"}')).toBe(0);
    viewer.close();
  });

  it("TRA-1 Each turn of a post is sent once, and those of the next post alone.", async () => {
    const instance = freshInstance();
    await posted(instance, onCall("a1", "c1"));
    const viewer = await TestViewer.open(instance);
    viewer.send({ type: "watch", contactId: "c1" });
    await viewer.until((each) => each.transcripts.length === 1, "the transcript");
    await posted(instance, turn("c1", "t1"));
    await viewer.until((each) => each.transcripts.length === 2, "the first turn");
    await posted(instance, turn("c1", "t2"));
    await viewer.until((each) => each.transcripts.length === 3, "the second turn");
    expect(viewer.transcripts.slice(1)).toMatchObject([{ turns: [{ turnId: "t1" }] }, { turns: [{ turnId: "t2" }] }]);
    viewer.close();
  });
});
