import assert from "node:assert/strict";
import { createFakeAgentClient, fakeAgent, fakeAlert, fakeQueue } from "vigia/testing";

const client = createFakeAgentClient({
  agents: [fakeAgent({ agentId: "ana", name: "Ana" })],
  queues: [fakeQueue({ queueId: "ventas", name: "Ventas" })],
  script: [
    {
      atMs: 30_000,
      queues: [{ queueId: "ventas", waiting: 4 }],
      alerts: [fakeAlert({ alertId: "1", subject: { queueId: "ventas" } })],
    },
    { atMs: 60_000, agents: [{ agentId: "ana", status: "missed" }] },
    { atMs: 90_000, connection: { status: "reconnecting", attempt: 1, error: "restarting" } },
  ],
});
client.advance(60_000);
assert.equal(client.queue("ventas").waiting, 4);
assert.equal((await client.acknowledge("1")).status, "acknowledged");
assert.equal(client.agent("ana").status, "missed");
client.advance(30_000);
assert.equal(client.connection().status, "reconnecting");
assert.equal(client.agents().length, 1);
