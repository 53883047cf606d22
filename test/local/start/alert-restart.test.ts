import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { Webhook } from "standardwebhooks";
import { afterAll, expect, test } from "vitest";
import { restartHub, startHub } from "../../../local/start/hub.ts";
import type { Update } from "../../../protocol/updates.ts";
import { signedPost } from "../../support/signed-post.ts";

const INSTANCE = "a8c17f30-f72c-4900-abd2-8745056c4c99";
const SECRET = `whsec_${Buffer.alloc(32, 5).toString("base64")}`;
const folder = mkdtempSync(join(tmpdir(), "vigia-alert-"));
const received: { id: string; body: string; headers: Record<string, string> }[] = [];
let answers = false;
let receiver: Server | undefined;

afterAll(() => {
  receiver?.closeAllConnections();
  receiver?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** An agent who is in after-contact work for an hour, which every center has a rule about. */
function lateAgent(now: number): Update {
  return {
    type: "agent.state",
    agentId: "A1",
    occurredAt: now,
    name: "Ana López",
    username: "ana",
    signedIn: true,
    status: { name: "Available", kind: "routable", since: now - 7_200_000 },
    contacts: [
      {
        contactId: "c1",
        initialContactId: null,
        channel: "voice",
        state: "ended",
        since: now - 3_600_000,
        connectedAt: now - 4_000_000,
        queue: "Ventas",
      },
    ],
    routingProfile: "Basic",
    groups: ["Ventas"],
  };
}

test("OUT-2 A hub that is killed while a receiver has the message sends it again after its restart, under the same id.", async () => {
  receiver = createServer(async (request, response) => {
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
    received.push({ id: headers["webhook-id"] ?? "", body: await text(request), headers });
    if (answers) response.writeHead(204).end();
  });
  await new Promise<void>((resolve) => receiver?.listen(0, "127.0.0.1", resolve));
  const address = receiver.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const targets = { pager: { kind: "webhook", url: `http://127.0.0.1:${port}/`, secret: SECRET } };
  const options = {
    port: 0,
    folder,
    vars: {
      AUTH_MODE: "local",
      INGEST_SECRETS: JSON.stringify({ [INSTANCE]: SECRET }),
      TICKET_SECRET: Buffer.alloc(32, 3).toString("base64"),
      ALERT_TARGETS: JSON.stringify(targets),
    },
  };
  let hub = await startHub(options);
  try {
    await signedPost(`${hub.url}/v1/instances/${INSTANCE}/updates`, [lateAgent(Date.now())], { secret: SECRET });
    await expect.poll(() => received.length).toBe(1);
    answers = true;
    hub = await restartHub(hub, options);
    // Nobody posts any more. The object wakes by its own alarm, at the latest 15 s after the attempt.
    await expect.poll(() => received.length, { timeout: 60_000 }).toBe(2);
    expect(received[0]?.id).toMatch(/^alr_[0-9a-f]{16}$/);
    expect([received[1]?.id, received[1]?.body]).toEqual([received[0]?.id, received[0]?.body]);
    expect(new Webhook(SECRET).verify(received[1]?.body ?? "", received[1]?.headers ?? {})).toMatchObject({
      type: "alert.fired",
      data: { alerts: [{ watch: "statusTime", about: "agent", name: null }] },
    });
  } finally {
    await hub.stop();
  }
}, 120_000);
