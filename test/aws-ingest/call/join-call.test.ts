import { expect, test } from "vitest";
import { parseCheckpoint } from "../../../aws-ingest/call/checkpoint.ts";
import { joinCall } from "../../../aws-ingest/call/join-call.ts";
import { INITIAL_STATE } from "../../../aws-ingest/call/transcriber-job.ts";
import { MemoryCheckpoints } from "../../support/memory-checkpoints.ts";
import { JOB } from "../../support/scripted-call.ts";

function join(store: MemoryCheckpoints, run: string, requestId = run, errors: (string | null)[] = []) {
  const times = { intervalMs: 20_000, leaseMs: 45_000, lookMs: 1, places: null };
  return joinCall(JOB, { store, run, requestId, ...times, onWrite: (error) => errors.push(error) });
}
const runIn = (store: MemoryCheckpoints) => parseCheckpoint(store.body(JOB.contactId))?.run;

test("A run that begins a call leaves a checkpoint before it does anything.", async () => {
  const store = new MemoryCheckpoints();
  expect(await join(store, "a")).toMatchObject({ kind: "work", job: { ...JOB, state: INITIAL_STATE } });
  expect(runIn(store)).toBe("a");
});

test("A run waits for the lease of a dead one, and goes on then.", async () => {
  const store = new MemoryCheckpoints();
  await join(store, "a");
  const second = join(store, "b");
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(runIn(store)).toBe("a");
  store.now = 45_000;
  expect(await second).toMatchObject({ kind: "work" });
  expect(runIn(store)).toBe("b");
});

test("A run leaves when the other one renews its checkpoint while it waits.", async () => {
  const store = new MemoryCheckpoints();
  const first = await join(store, "a");
  const second = join(store, "b");
  await new Promise((resolve) => setTimeout(resolve, 20));
  if (first.kind === "work") await first.checkpoints?.write("running", first.job.state ?? INITIAL_STATE);
  expect(await second).toEqual({ kind: "leave", why: "alive" });
  expect(runIn(store)).toBe("a");
});

test("Of two retries at once one has the call, and the other one looks again and leaves.", async () => {
  const store = new MemoryCheckpoints();
  await join(store, "a");
  store.now = 60_000;
  const results = await Promise.all([join(store, "b"), join(store, "c")]);
  expect(results.map(({ kind }) => kind).toSorted()).toEqual(["leave", "work"]);
});

test("A run works without checkpoints when the store is away, and says why.", async () => {
  const store = new MemoryCheckpoints();
  store.readCheckpoint = () => Promise.reject(Object.assign(new Error("no"), { name: "SlowDown" }));
  const errors: (string | null)[] = [];
  expect(await join(store, "a", "a", errors)).toEqual({ kind: "work", job: JOB, checkpoints: null });
  expect(errors).toEqual(["SlowDown"]);
});

test.each([
  ["is empty", "", "written"],
  ["is no JSON", "{", "written"],
  ["is nobody's", "[1]", "written"],
  ["is of a later release", '{"version":2,"run":"b"}', "lost"],
])("A run whose stored checkpoint %s (%j) gets the answer %s to its next write.", async (_what, body, result) => {
  const store = new MemoryCheckpoints();
  const joined = await join(store, "a");
  const tag = (await store.readCheckpoint(JOB.contactId))?.tag ?? null;
  await store.writeCheckpoint(JOB.contactId, body, tag);
  if (joined.kind !== "work") throw new Error("The first run of a call works.");
  expect(await joined.checkpoints?.write("running", INITIAL_STATE)).toBe(result);
});
