import assert from "node:assert/strict";
import { createFakeAgentClient, fakeAgent } from "vigia/testing";

const client = createFakeAgentClient({
  agents: [fakeAgent({ agentId: "ana", name: "Ana" })],
  script: [
    { atMs: 60_000, agents: [{ agentId: "ana", status: "missed" }] },
    { atMs: 90_000, connection: { status: "reconnecting", attempt: 1, error: "restarting" } },
  ],
});
client.advance(60_000);
assert.equal(client.agent("ana").status, "missed");
client.advance(30_000);
assert.equal(client.connection().status, "reconnecting");
assert.equal(client.agents().length, 1);
