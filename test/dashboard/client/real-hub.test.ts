import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createAgentClient } from "../../../dashboard/client/agent-client.ts";
import type { AgentClient } from "../../../dashboard/client/contract.ts";
import { aContact, anAgentState, aSentiment, aTurn } from "../../support/updates.ts";
import { buyTicket } from "../../support/viewer.ts";
import { HubUnderTest, INSTANCE } from "./hub-under-test.ts";

let hub: HubUnderTest;
let client: AgentClient;
let tickets = 0;

const until = (check: () => void) => vi.waitFor(check, { timeout: 45_000, interval: 20 });

/** Connects to the port that the hub has now: a hub that starts again has another one. */
class HubSocket extends WebSocket {
  constructor(url: string | URL, protocols?: string | string[]) {
    const address = new URL(url);
    address.port = new URL(hub.url).port;
    super(address, protocols);
  }
}

beforeAll(async () => {
  hub = await HubUnderTest.start();
  await hub.post(anAgentState({ agentId: "a" }), anAgentState({ agentId: "b", groups: ["Soporte"] }));
  client = createAgentClient({
    url: hub.url,
    instanceId: INSTANCE,
    WebSocket: HubSocket,
    getTicket: () => {
      tickets += 1;
      return buyTicket(hub.base);
    },
  });
  client.connect();
  await until(() => expect(client.connection().status).toBe("live"));
}, 60_000);
afterAll(async () => {
  client.close();
  await hub.stop();
});

test("The client shows the agents, a call with its score, its transcript, and the removal of an agent.", async () => {
  const now = Date.now();
  expect(
    client
      .agents()
      .map(({ agentId }) => agentId)
      .sort(),
  ).toEqual(["a", "b"]);
  const idle = client.agent("b");

  await hub.post(
    anAgentState({ agentId: "a", occurredAt: now, contacts: [aContact({ since: now - 30_000, connectedAt: now - 30_000 })] }),
    aSentiment(-2.5, { occurredAt: now }),
  );
  await until(() => expect(client.agent("a")).toMatchObject({ status: "on a call", sentimentScore: -2.5, queue: "BasicQueue" }));
  expect(client.agent("a")?.callStartedAt).toBe(now - 30_000);
  expect(client.agent("a")?.trend.at(-1)?.score).toBe(-2.5);
  expect(client.agent("b")).toBe(idle);

  let redraws = 0;
  const stop = client.watch("contact-1", () => {
    redraws += 1;
  });
  await hub.post(aTurn({ occurredAt: now, text: "Es la", final: false, sentiment: null }));
  await until(() => expect(client.transcript("contact-1").turns).toMatchObject([{ text: "Es la", final: false }]));
  await hub.post(aTurn({ occurredAt: now + 1 }));
  await until(() => expect(client.transcript("contact-1").turns).toMatchObject([{ final: true, sentiment: "negative" }]));
  expect(redraws).toBeGreaterThanOrEqual(2);
  stop();

  await hub.post({ type: "agent.removed", agentId: "b", occurredAt: now });
  await until(() => expect(client.agent("b")).toBeUndefined());
  await until(() => expect(client.connection().latencyMs).not.toBeNull());
});

test("The client reconnects with a new ticket after a crash of the hub and shows what changed meanwhile.", async () => {
  const before = tickets;
  await hub.kill();
  await until(() => expect(client.connection()).toMatchObject({ status: "reconnecting" }));
  expect(client.agent("a")?.status).toBe("on a call");
  await hub.startAgain();
  await hub.post(anAgentState({ agentId: "a", occurredAt: Date.now(), contacts: [] }));
  client.reconnect();
  await until(() => expect(client.connection()).toMatchObject({ status: "live", error: null }));
  await until(() => expect(client.agent("a")).toMatchObject({ status: "available", callStartedAt: null, trend: [] }));
  expect(tickets).toBeGreaterThan(before);
});

test("The client shows the center's alert in a frame, in what a poll answers, and after a crash of the hub.", async () => {
  const now = Date.now();
  const failed = aContact({ state: "error", since: now });
  await hub.post(anAgentState({ agentId: "a", occurredAt: now, contacts: [failed] }));
  const alert = { rule: "agent-error", severity: "critical", subject: { agentId: "a" }, state: "firing", resolvedAt: null };
  await until(() => expect(client.alerts()).toMatchObject([alert]));

  const authorization = `Bearer ${await buyTicket(hub.base)}`;
  const answer = await fetch(`${hub.base}/agents`, { headers: { authorization } });
  const polled = createAgentClient({
    url: hub.url,
    instanceId: INSTANCE,
    getTicket: () => "t",
    initialData: JSON.parse(await answer.text()),
  });
  expect(polled.alerts()).toEqual(client.alerts());
  expect(polled.initial.agents).toHaveLength(client.agents().length);

  await hub.kill();
  await until(() => expect(client.connection()).toMatchObject({ status: "reconnecting" }));
  expect(client.alerts()).toMatchObject([alert]);
  await hub.startAgain();
  await hub.post(anAgentState({ agentId: "a", occurredAt: Date.now(), contacts: [] }));
  client.reconnect();
  await until(() => expect(client.alerts()).toMatchObject([{ ...alert, state: "resolved", resolvedAt: expect.any(Number) }]));
});

test("The client shows a call that waits in a queue.", async () => {
  const now = Date.now();
  await hub.post({
    type: "contact.queue",
    contactId: "waiting-1",
    initialContactId: null,
    previousContactId: null,
    channel: "voice",
    method: "inbound",
    queueId: "queue-1",
    queueKind: "standard",
    enqueuedAt: now,
    acceptedAt: null,
    connectedAt: null,
    endedAt: null,
    scheduledAt: null,
    paused: null,
    agentId: null,
    occurredAt: now,
  });
  await until(() => expect(client.queue("queue-1")).toMatchObject({ waiting: 1, oldestSince: now, channels: { voice: 1 } }));
});
