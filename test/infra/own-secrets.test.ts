import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RunningHub, startHub } from "../../local/start/hub.ts";
import { signedPost } from "../support/signed-post.ts";
import { anAgentState } from "../support/updates.ts";
import { SocketViewer } from "../support/viewer.ts";

const LISTED = "a8c17f30-f72c-4900-abd2-8745056c4c99";
const OWN = "b9d28041-0000-4000-8000-0000000000b2";
const BOTH = "c0d28041-0000-4000-8000-0000000000c3";
const REMOVED = "d0d28041-0000-4000-8000-0000000000d4";
const secret = (byte: number) => `whsec_${Buffer.alloc(32, byte).toString("base64")}`;
const folder = mkdtempSync(join(tmpdir(), "vigia-own-secrets-"));
let hub: RunningHub;
beforeAll(async () => {
  hub = await startHub({
    port: 0,
    folder,
    vars: {
      AUTH_MODE: "local",
      INGEST_SECRETS: JSON.stringify({ [LISTED]: secret(1), [BOTH]: secret(1), [REMOVED]: secret(1) }),
      INGEST_SECRET_B9D28041_0000_4000_8000_0000000000B2: secret(2),
      INGEST_SECRET_C0D28041_0000_4000_8000_0000000000C3: `${secret(4)} ${secret(3)}`,
      INGEST_SECRET_D0D28041_0000_4000_8000_0000000000D4: "removed",
      TICKET_SECRET: Buffer.alloc(32, 5).toString("base64"),
      METRICS_TOKEN: "metrics-token-of-this-test",
      // The second viewer of an instance gets to a relay.
      VIEWERS_PER_OBJECT: "1",
    },
  });
});
afterAll(async () => {
  await hub.stop();
  rmSync(folder, { recursive: true });
});

const post = async (instance: string, byte: number) =>
  (await signedPost(`${hub.url}/v1/instances/${instance}/updates`, [anAgentState({ agentId: "a1" })], { secret: secret(byte) }))
    .status;

describe("An instance with a secret of its own", () => {
  test("SIG-8 The real runtime accepts the own secrets of an instance and no others.", async () => {
    expect([await post(OWN, 2), await post(OWN, 1)]).toEqual([200, 401]);
    expect([await post(BOTH, 3), await post(BOTH, 4), await post(BOTH, 1)]).toEqual([200, 200, 401]);
    expect([await post(LISTED, 1), await post(LISTED, 2)]).toEqual([200, 401]);
    expect(await post(REMOVED, 1)).toBe(401);
    expect((await fetch(`${hub.url}/readyz`)).status).toBe(200);
  });

  test("SIG-8 An instance with a secret of its own has viewers, relays and metrics like any other.", async () => {
    await post(OWN, 2);
    const viewers = [];
    for (let count = 0; count < 3; count += 1) {
      const viewer = await SocketViewer.open({ hub: hub.url, instance: OWN });
      await viewer.until("the agent", (one) => one.agents.get("a1"));
      viewers.push(viewer);
    }
    const metrics = (instance: string) =>
      fetch(`${hub.url}/v1/instances/${instance}/metrics`, { headers: { Authorization: "Bearer metrics-token-of-this-test" } });
    expect(await (await metrics(OWN)).text()).toMatch(/relay/);
    for (const viewer of viewers) viewer.close();
    expect((await metrics(REMOVED)).status).toBe(401);
  });
});
