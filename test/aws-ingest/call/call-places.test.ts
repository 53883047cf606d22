import { expect, test } from "vitest";
import { CallPlaces, freeAbandonedPlaces, isFull } from "../../../aws-ingest/call/call-places.ts";
import { parseCheckpoint } from "../../../aws-ingest/call/checkpoint.ts";
import { joinCall } from "../../../aws-ingest/call/join-call.ts";
import { INITIAL_STATE, type TranscriberJob } from "../../../aws-ingest/call/transcriber-job.ts";
import { MemoryCheckpoints } from "../../support/memory-checkpoints.ts";
import { MemoryPlaces } from "../../support/memory-places.ts";
import { JOB } from "../../support/scripted-call.ts";

const MINUTE = 60_000;

/** A house with so many places. Every look at a full house calls `onLook`. */
function house(capacity: number, onLook: (looks: number) => unknown = () => {}) {
  const checkpoints = new MemoryCheckpoints();
  const store = new MemoryPlaces(() => checkpoints.now);
  const end = new AbortController();
  const news: string[] = [];
  let looks = 0;
  const pause = async () => {
    looks += 1;
    await onLook(looks);
  };
  const places = new CallPlaces({
    store,
    capacity,
    mayWait: end.signal,
    onWait: () => news.push("waits"),
    onError: (error) => news.push(error),
    pause,
    random: () => 0,
    now: () => checkpoints.now,
  });
  const join = (job: TranscriberJob, run: string) => {
    const times = { intervalMs: 20_000, leaseMs: 45_000, lookMs: 1, pause };
    return joinCall(job, {
      store: checkpoints,
      run,
      requestId: run,
      ...times,
      places,
      onWrite: (error) => news.push(error ?? "ok"),
    });
  };
  return { checkpoints, store, places, end, news, join };
}
const call = (contactId: string): TranscriberJob => ({ ...JOB, contactId });

test("A new call takes a free place, and its checkpoint names it.", async () => {
  const { store, checkpoints, join } = house(2);
  expect(await join(call("a"), "1")).toMatchObject({ kind: "work", job: { place: 0 } });
  expect(await join(call("b"), "2")).toMatchObject({ kind: "work", job: { place: 1 } });
  expect(store.takenBy).toEqual(["a", "b"]);
  expect(parseCheckpoint(checkpoints.body("b"))?.job.place).toBe(1);
  expect([await isFull(store, 2), await isFull(store, 3)]).toEqual([true, false]);
});

test("A new call waits while all places are taken, says so once, and begins when one is free.", async () => {
  const made = house(1, (looks) => looks === 3 && made.places.freePlace(0, "a"));
  await made.join(call("a"), "1");
  expect(await made.join(call("b"), "2")).toMatchObject({ kind: "work", job: { place: 0 } });
  expect(made.news.filter((word) => word === "waits")).toEqual(["waits"]);
  expect(made.store.takenBy).toEqual(["b"]);
});

test("A new call leaves when its time to wait is over, and takes nothing.", async () => {
  const made = house(1, (looks) => looks === 2 && made.end.abort());
  await made.join(call("a"), "1");
  expect(await made.join(call("b"), "2")).toEqual({ kind: "leave", why: "full" });
  expect([made.store.takenBy, made.checkpoints.body("b")]).toEqual([["a"], ""]);
});

test("A running call waits for no place: not after a crash, not at a hand-over, and not from a release without places.", async () => {
  const made = house(1);
  const first = await made.join(call("a"), "1");
  const old = { ...call("old"), state: { ...INITIAL_STATE, handoverCount: 1 } };
  expect(await made.join(old, "2")).toMatchObject({ kind: "work", job: { contactId: "old" } });
  made.checkpoints.now = MINUTE;
  expect(await made.join(call("a"), "3")).toMatchObject({ kind: "work", job: { place: 0 } });
  if (first.kind === "work") await first.checkpoints?.write("handed-over", INITIAL_STATE);
  made.checkpoints.now = 2 * MINUTE;
  expect(await made.join({ ...call("a"), place: 0, state: INITIAL_STATE }, "4")).toMatchObject({
    kind: "work",
    job: { place: 0 },
  });
  expect(made.news).not.toContain("waits");
  expect(made.store.takenBy).toEqual(["a"]);
});

test("Of two starts of one call one works, and the place of the other is free again.", async () => {
  const made = house(3, async (looks) => {
    if (looks === 1 && first.kind === "work") await first.checkpoints?.write("running", INITIAL_STATE);
  });
  const first = await made.join(call("a"), "1");
  // The second start took its place before it saw the first one's checkpoint.
  const read = made.checkpoints.readCheckpoint.bind(made.checkpoints);
  let blind = 1;
  made.checkpoints.readCheckpoint = async (contactId) => {
    blind -= 1;
    return blind >= 0 ? null : read(contactId);
  };
  expect(await made.join(call("a"), "2")).toEqual({ kind: "leave", why: "alive" });
  expect(made.store.takenBy).toEqual(["a"]);
});

test("Of two starts that got the same place at once, the one that leaves does not free it.", async () => {
  let renew: () => unknown = () => {};
  const made = house(1, (looks) => (looks > 9 ? made.end.abort() : renew()));
  // Both look at the places before one of them takes one.
  const list = made.store.listPlaces.bind(made.store);
  let letGo = () => {};
  const bothLooked = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  let looks = 0;
  made.store.listPlaces = async () => {
    const listed = await list();
    looks += 1;
    if (looks === 2) letGo();
    await bothLooked;
    return listed;
  };
  const start = async (run: string) => {
    const joined = await made.join(call("a"), run);
    if (joined.kind === "work") renew = () => joined.checkpoints?.write("running", INITIAL_STATE);
    return joined;
  };
  const results = await Promise.all([start("1"), start("2")]);
  expect(results.find(({ kind }) => kind === "work")).toMatchObject({ job: { place: 0 } });
  expect(made.store.takenBy).toEqual(["a"]);
});

test("A write whose answer was lost is seen as one's own place.", async () => {
  const made = house(2);
  made.store.lostAnswers = 1;
  expect(await made.places.waitForPlace("a", 0)).toBe(0);
  expect(made.store.takenBy).toEqual(["a"]);
});

test("Fifty calls at once share ten places without sharing one.", async () => {
  const made = house(10, (looks) => looks > 200 && made.end.abort());
  const got = await Promise.all(Array.from({ length: 50 }, (_, index) => made.places.waitForPlace(`call-${index}`, 0)));
  const numbers = got.filter((place) => typeof place === "number");
  expect(numbers.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

test("A store that is away keeps no call from being transcribed.", async () => {
  const made = house(1);
  made.store.fault = Object.assign(new Error("no"), { name: "SlowDown" });
  const joined = await made.join(call("a"), "1");
  expect(joined).toMatchObject({ kind: "work" });
  expect(joined.kind === "work" && joined.job.place).toBeUndefined();
  expect(made.news).toContain("SlowDown");
});

test("A place is given back only by the call that has it.", async () => {
  const made = house(1);
  await made.places.waitForPlace("a", 0);
  await made.places.freePlace(0, "b");
  expect(made.store.takenBy).toEqual(["a"]);
  await made.places.freePlace(0, "a");
  expect(made.store.takenBy).toEqual([]);
});

test("A call that was over and goes on takes a new place.", async () => {
  const made = house(2);
  const first = await made.join(call("a"), "1");
  if (first.kind === "work") await first.checkpoints?.write("done", INITIAL_STATE);
  await made.places.freePlace(0, "a");
  await made.join(call("b"), "2");
  const again = { ...call("a"), startTimestamp: JOB.startTimestamp + MINUTE };
  expect(await made.join(again, "3")).toMatchObject({ kind: "work", job: { place: 1 } });
});

test("The watchdog frees the places of calls that are over, never began or are gone, and no others.", async () => {
  const made = house(5);
  const over = await made.join(call("over"), "1");
  if (over.kind === "work") await over.checkpoints?.write("done", INITIAL_STATE);
  await made.join(call("gone"), "2");
  await made.places.waitForPlace("never-began", 0);
  made.checkpoints.now = 11 * MINUTE;
  const running = await made.join(call("running"), "3");
  await made.places.waitForPlace("just-beginning", 0);
  const readCheckpoint = made.checkpoints.readCheckpoint.bind(made.checkpoints);
  const freed = await freeAbandonedPlaces(Object.assign(made.store, { readCheckpoint }));
  expect(freed).toBe(3);
  expect(made.store.takenBy.toSorted()).toEqual(["just-beginning", "running"]);
  expect(running.kind).toBe("work");
});
