import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type RunningHub, startHub } from "../../local/start/hub.ts";
import { checkHub } from "../../scripts/deploy/check-hub.ts";
import { report } from "../../scripts/deploy/preflight-report.ts";

const ID = "a8c17f30-f72c-4900-abd2-8745056c4c99";
const secret = (byte: number) => `whsec_${Buffer.alloc(32, byte).toString("base64")}`;
const TOKEN = "metrics-token-of-this-test";
const folder = mkdtempSync(join(tmpdir(), "vigia-preflight-"));
let hub: RunningHub;
beforeAll(async () => {
  hub = await startHub({
    port: 0,
    folder,
    vars: {
      AUTH_MODE: "local",
      INGEST_SECRETS: JSON.stringify({ [ID]: `${secret(2)} ${secret(1)}` }),
      TICKET_SECRET: Buffer.alloc(32, 3).toString("base64"),
      METRICS_TOKEN: TOKEN,
    },
  });
});
afterAll(async () => {
  await hub.stop();
  rmSync(folder, { recursive: true });
});

const position = async () => {
  const { ticket } = await (await fetch(`${hub.url}/v1/instances/${ID}/tickets`, { method: "POST" })).json();
  const list = await (
    await fetch(`${hub.url}/v1/instances/${ID}/agents`, { headers: { Authorization: `Bearer ${ticket}` } })
  ).json();
  return [list.epoch, list.seq, list.data];
};

test("`preflight` asks the real hub about each secret of a rotation and a foreign one, and changes nothing there.", async () => {
  const before = await position();
  expect(report(await checkHub(hub.url, ID, [secret(2), secret(1), secret(9)])).split("\n")).toEqual([
    `✓ The hub answers at ${hub.url}.`,
    "✓ The hub is ready: its settings are valid and its storage answers.",
    `✓ Signing secret 1 of ${ID} is the hub's.`,
    `✓ Signing secret 2 of ${ID} is the hub's.`,
    `✗ Signing secret 3 of ${ID} is not the hub's. The hub would refuse the posts.`,
    "    Run npm run secret -- add, which gives the hub the secret of the stack. Check this machine's clock too.",
    "",
    "1 thing is missing.",
  ]);
  expect(await position()).toEqual(before);
});
