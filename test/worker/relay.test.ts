import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import * as v from "valibot";
import { afterEach, describe, expect, it, vi } from "vitest";
import { Board } from "../../core/board/board.ts";
import { RelayFleet } from "../../worker/relay-fleet.ts";
import { SqliteStore } from "../../worker/sqlite-store.ts";
import { readFeed, relayFeed } from "./relay-feed.ts";
import { connectAt, openAt } from "./relay-viewer.ts";
import { center, freshInstance, posted } from "./support.ts";
import { agentState, onCall } from "./updates.ts";

afterEach(() => {
  vi.useRealTimers();
});

describe("Relays", () => {
  it("REL-2 A viewer gets the changes that happened while its relay hibernated.", async () => {
    const instance = freshInstance();
    const relay = `${instance}/enam/1`;
    await posted(instance, agentState("a1"));
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const viewer = await connectAt(relay);
    // The relay saves its position after three quiet seconds.
    await runInDurableObject(env.RELAY.getByName(relay), async () => void (await vi.advanceTimersByTimeAsync(3_000)));
    vi.useRealTimers();
    await evictDurableObject(env.RELAY.getByName(relay));
    await posted(instance, onCall("a1", "c1"));
    await viewer.until((v) => v.agents.get("a1")?.status === "on a call");
    expect(viewer.gaps).toEqual([]);
    // The position that the relay saved spares its viewers a whole list.
    expect(viewer.frames.filter((frame) => frame.type === "initialAgentList")).toHaveLength(1);
    viewer.close();
  });

  it("REL-2 A relay asks the primary for the changes of a lost feed.", async () => {
    const instance = freshInstance();
    const relay = `${instance}/enam/1`;
    await posted(instance, agentState("a1"));
    const viewer = await connectAt(relay);
    const lost = await relayFeed(instance, viewer.seq, () => posted(instance, agentState("a2"), agentState("a3")));
    // The next feed begins after the lost one, and the relay notices it by `from`.
    await env.RELAY.getByName(relay).applyFeed({ ...readFeed(lost), from: lost.to, to: lost.to + 1, rows: [] });
    await viewer.until((v) => v.agents.size === 3, "the agents of the lost feed");
    expect(viewer.gaps).toEqual([]);
    viewer.close();
  });

  it("REL-2 A relay applies a feed that arrives while it fetches its first replica.", async () => {
    const instance = freshInstance();
    const relay = `${instance}/enam/1`;
    await posted(instance, agentState("a1"));
    const now = readFeed(await relayFeed(instance, 0, async () => {}));
    const rows = now.rows.map((row) => {
      const agent = v.parse(v.looseObject({}), row["agent"]);
      return { ...row, seq: now.to + 1, agent: { ...agent, name: "Newer name" } };
    });
    const opening = connectAt(relay);
    expect(await env.RELAY.getByName(relay).applyFeed({ ...now, from: now.to, to: now.to + 1, rows })).toBe(true);
    const viewer = await opening;
    await viewer.until((v) => v.agents.get("a1")?.name === "Newer name", "the name from the feed");
    viewer.close();
  });

  it("REL-2 A relay ignores a late feed.", async () => {
    const instance = freshInstance();
    const relay = `${instance}/enam/1`;
    await posted(instance, agentState("a1"));
    const viewer = await connectAt(relay);
    const old = await relayFeed(instance, 0, async () => {});
    await posted(instance, agentState("a1", { name: "New name" }));
    await viewer.until((v) => v.agents.get("a1")?.name === "New name");
    const frames = viewer.frames.length;
    await env.RELAY.getByName(relay).applyFeed(readFeed(old));
    await posted(instance, agentState("a2"));
    await viewer.until((v) => v.agents.has("a2"));
    expect(viewer.agents.get("a1")?.name).toBe("New name");
    expect(viewer.frames.length).toBe(frames + 1);
    viewer.close();
  });

  it("REL-2 A relay rechecks by alarm, and detaches once it has no viewers.", async () => {
    const instance = freshInstance();
    const relay = `${instance}/enam/1`;
    await posted(instance, agentState("a1"));
    const viewer = await connectAt(relay);
    expect(await runDurableObjectAlarm(env.RELAY.getByName(relay))).toBe(true);
    const attached = () =>
      runInDurableObject(center(instance), (_, state) => state.storage.sql.exec("SELECT count(*) AS n FROM relays").one()["n"]);
    expect(await attached()).toBe(1);
    viewer.close();
    for (let tries = 0; tries < 100 && (await attached()) === 1; tries += 1) {
      await runDurableObjectAlarm(env.RELAY.getByName(relay));
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(await attached()).toBe(0);
  });

  it("REL-3 A relay closes its viewers with 4410 after the primary lost its state, and they get a new list.", async () => {
    const instance = freshInstance();
    const relay = `${instance}/enam/1`;
    await posted(instance, agentState("a1"));
    const viewer = await connectAt(relay);
    await runInDurableObject(center(instance), async (_, state) => {
      await state.storage.deleteAll();
      state.abort("restart");
    }).catch(() => {});
    await posted(instance, agentState("a2"));
    await runDurableObjectAlarm(env.RELAY.getByName(relay));
    await viewer.until((v) => v.closed !== null);
    expect(viewer.closed?.code).toBe(4410);
    const back = await connectAt(relay, { epoch: viewer.epoch, seq: viewer.seq });
    expect(back.last("initialAgentList")["data"]).toMatchObject([{ agentId: "a2" }]);
    back.close();
  });

  it("SES-14 A relay closes a viewer that was revoked on its way from the primary.", async () => {
    const instance = freshInstance();
    const relay = `${instance}/enam/1`;
    const other = await connectAt(relay, null, "other");
    // The primary has sent ana to the relay. She is revoked before she arrives there.
    expect(await env.RELAY.getByName(relay).revoke("ana")).toBe(0);
    const late = await openAt(relay, null, "ana");
    await late.until((v) => v.closed !== null, "a close");
    expect(late.closed?.code).toBe(4503);
    expect(late.frames).toEqual([]);
    expect(other.closed).toBeNull();
    other.close();
  });

  it("REL-1 The primary drops a relay whose assigned viewer never arrived.", async () => {
    const instance = freshInstance();
    const sizes = await runInDurableObject(center(instance), async (_, state) => {
      const board = new Board("an epoch");
      const fleet = new RelayFleet(env, new SqliteStore(state.storage.sql), board);
      fleet.assignViewer(instance, "enam", 1);
      board.advance(1, 0);
      const before = fleet.registry.size;
      await fleet.sendFeeds();
      return [before, fleet.registry.size];
    });
    expect(sizes).toEqual([1, 0]);
  });

  it("REL-4 A region has at most 500 relays, and further viewers are assigned none.", async () => {
    const instance = freshInstance();
    const chosen = await runInDurableObject(center(instance), (_, state) => {
      const fleet = new RelayFleet(env, new SqliteStore(state.storage.sql), new Board("an epoch"));
      return Array.from({ length: 1001 }, () => fleet.assignViewer(instance, "enam", 2));
    });
    expect(chosen.slice(0, 3)).toEqual([`${instance}/enam/1`, `${instance}/enam/1`, `${instance}/enam/2`]);
    expect(chosen.slice(999)).toEqual([`${instance}/enam/500`, null]);
  });
});
