import { beforeEach, describe, expect, test } from "vitest";
import type { AgentClient, HubQuestion } from "../../../../dashboard/client/contract.ts";
import { FakeClock } from "../../../../dashboard/client/fake-clock.ts";
import { createReplayClient } from "../../../../dashboard/client/replay/replay-client.ts";
import { ReplaySession } from "../../../../dashboard/client/replay/replay-session.ts";
import {
  createFakeAgentClient,
  type FakeAgentClient,
  fakeAgent,
  fakeAlert,
  fakeQueue,
} from "../../../../dashboard/client/testing.ts";

const NOW = Date.UTC(2026, 10, 26, 3);
/** In Mexico City it is still the day before. */
const AT = NOW - 30 * 60_000;

let live: FakeAgentClient;
let client: AgentClient;
let session: ReplaySession;
const asked: HubQuestion[] = [];

/** A hub on which Ana was away at every moment of the past. */
function answer(question: HubQuestion) {
  asked.push(question);
  const at = Number(new URLSearchParams(question.resource.split("?")[1]).get("at"));
  const rows = {
    data: [fakeAgent({ agentId: "ana", status: "away", statusName: "Almuerzo", since: AT - 5_000 })],
    queues: [fakeQueue({ queueId: "q", waiting: 4 })],
    alerts: [fakeAlert({ alertId: "a1" })],
  };
  return Promise.resolve({ status: 200, body: { historic: true, at, keptSince: 1, ...rows } });
}

beforeEach(async () => {
  asked.length = 0;
  const center = { name: "Center", timeZone: "America/Mexico_City" };
  live = createFakeAgentClient({ now: NOW, agents: [fakeAgent({ agentId: "ana" })], ask: answer, center });
  session = new ReplaySession(live, AT, new FakeClock(NOW));
  client = createReplayClient(live, session);
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
});

describe("The client of the past", () => {
  test("has the rows and the clock of the moment, and shares nothing with the live one.", () => {
    expect(client.agent("ana")).toMatchObject({ status: "away", statusName: "Almuerzo" });
    expect([client.queue("q")?.waiting, client.alerts().length, client.now()]).toEqual([4, 1, AT]);
    expect([live.agent("ana")?.status, live.queues().length, live.now()]).toEqual(["available", 0, NOW]);
    live.play({ agents: [{ agentId: "ana", status: "offline" }], removed: [] });
    expect(client.agent("ana")?.status).toBe("away");
    expect(client.center()).toEqual(live.center());
  });

  test("refuses words of calls, waiting contacts and everything that changes something.", async () => {
    const stops = [client.watch("c", () => {}), client.watchQueue("q", () => {})];
    expect(client.transcript("c")).toMatchObject({ status: "refused", error: "replay" });
    expect(client.queueContacts("q")).toMatchObject({ status: "refused", error: "replay" });
    expect(await client.acknowledge("a1")).toEqual({ alertId: "a1", status: "refused", error: "replay" });
    const before = asked.length;
    for (const method of ["PUT", "POST", "DELETE"] as const) {
      expect(await client.ask({ method, resource: "rules", body: {} })).toEqual({ status: 409, body: { error: "replay" } });
    }
    expect(asked).toHaveLength(before);
    expect([live.watched(), live.watchedQueues()]).toEqual([[], []]);
    for (const stop of stops) stop();
  });

  test("asks for the day of the moment in the center's zone, and only once while it plays.", async () => {
    asked.length = 0;
    for (let turn = 0; turn < 3; turn += 1) await client.ask({ method: "GET", resource: "agents/ana/day" });
    await client.ask({ method: "GET", resource: "agents/ana/day?date=2026-11-20" });
    await client.ask({ method: "GET", resource: "rules" });
    expect(asked.map(({ resource }) => resource)).toEqual([
      "agents/ana/day?date=2026-11-25",
      "agents/ana/day?date=2026-11-20",
      "rules",
    ]);
  });

  test("asks for nothing any more after it was closed.", async () => {
    client.close();
    asked.length = 0;
    session.seek(AT - 60_000);
    await Promise.resolve();
    expect(asked).toEqual([]);
  });
});
