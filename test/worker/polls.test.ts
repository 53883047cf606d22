import { runInDurableObject } from "cloudflare:test";
import { expect, it } from "vitest";
import { WorkLimiter } from "../../core/broadcast/work-limiter.ts";
import { Polls } from "../../worker/polls.ts";
import { Center } from "../core/center.ts";
import { anAgentState, NOON } from "../support/updates.ts";
import { call, center, freshInstance, posted, ticket } from "./support.ts";
import { agentState } from "./updates.ts";

it("POL-4 A subject that polled 4 Mi characters must wait for whole lists, and neither for a 304 nor for others.", async () => {
  const hub = new Center();
  hub.post(anAgentState({ name: "x".repeat(1024 * 1024) }));
  const polls = new Polls(hub.broadcaster);
  const poll = (subject: string, ifNoneMatch: string | null, now: number) =>
    polls.answer({ filter: null, subject, ticket: null, ifNoneMatch }, hub.state.board, now);
  for (let times = 0; times < 4; times += 1) expect((await poll("ana", null, NOON)).body).not.toBeNull();
  const refused = await poll("ana", null, NOON);
  expect(refused).toMatchObject({ body: null, retryAfterSeconds: 1 });
  expect(await poll("ana", refused.etag, NOON)).toEqual({ etag: refused.etag, body: null });
  expect((await poll("eve", null, NOON)).body).not.toBeNull();
  expect((await poll("ana", null, NOON + 1000)).body).not.toBeNull();
});

it("POL-4 The Worker answers 429 with Retry-After to a subject that has polled too much.", async () => {
  const instance = freshInstance();
  const name = "x".repeat(250);
  const agents = Array.from({ length: 500 }, (_, index) =>
    agentState(`${name}${index}`.slice(-256), { name, routingProfile: name }),
  );
  await posted(instance, ...agents);
  const poll = async () => {
    const token = await ticket(instance, { subject: "ana" });
    return call(`/v1/instances/${instance}/agents`, { headers: { Authorization: `Bearer ${token}` } });
  };
  let answer = await poll();
  for (let times = 0; times < 20 && answer.status === 200; times += 1) answer = await poll();
  expect([answer.status, Number(answer.headers.get("Retry-After"))]).toEqual([429, expect.any(Number)]);
});

it("OPS-5 An object refuses a post with a type of update that it does not know, so that the sender repeats it.", async () => {
  const instance = freshInstance();
  const unknown: unknown[] = [{ ...agentState("a1"), type: "agent.tomorrow" }];
  await runInDurableObject(center(instance), (object) => {
    expect(() => Reflect.apply(object.ingest, object, ["p1", unknown, 0])).toThrow("does not know");
  });
  expect(await posted(instance, agentState("a1"))).toMatchObject({ accepted: 1, seq: 1 });
});

it("OPS-5 What another version leaves out of a call gets a default that grants nothing.", async () => {
  const instance = freshInstance();
  await posted(instance, agentState("a1", { groups: ["Ventas"] }));
  const hub = center(instance);
  const polled = await Reflect.apply(hub.poll, null, [undefined, "ana", null, undefined]);
  expect(JSON.parse(polled?.body ?? "{}").data).toEqual([]);
  expect(await Reflect.apply(hub.poll, null, [null, undefined, null, null])).toBeNull();
  const feed = await Reflect.apply(hub.sync, null, [`${instance}/enam/1`]);
  expect(feed).toMatchObject({ from: 0, to: 1 });
});

it("SES-17 A limiter lets a key do its burst, makes it wait for the rest, and forgets it once that is worked off.", () => {
  const limiter = new WorkLimiter(100, 10);
  limiter.count("a", 90, NOON);
  expect(limiter.freeAt("a", NOON)).toBe(NOON);
  limiter.count("a", 60, NOON);
  expect([limiter.freeAt("a", NOON), limiter.freeAt("b", NOON)]).toEqual([NOON + 5000, NOON]);
  expect(limiter.freeAt("a", NOON + 5000)).toBe(NOON + 5000);
  expect(limiter.freeAt("a", NOON - 1000)).toBe(NOON + 4000);
  limiter.cleanUp(NOON + 15_000);
  limiter.count("a", 1, NOON);
  expect(limiter.freeAt("a", NOON)).toBe(NOON);
});
