import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RunningHub, startHub } from "../../local/start/hub.ts";
import { readTargets } from "../../scripts/deploy/alert-targets.ts";
import { OWN_SETTINGS, PRODUCTION_ID } from "./own-settings.ts";
import { type CommandResult, runCommand } from "./run-command.ts";

const SECRET = `whsec_${Buffer.alloc(32, 5).toString("base64")}`;
const folder = mkdtempSync(join(tmpdir(), "vigia-alert-"));
const settings = join(folder, "settings.json");
let hub: RunningHub;
let receiver: Server;

beforeAll(async () => {
  writeFileSync(settings, JSON.stringify(OWN_SETTINGS));
  receiver = createServer((request, response) => response.writeHead(request.url === "/ok" ? 202 : 404).end("no_service"));
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  const address = receiver.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const target = (path: string) => ({ kind: "teams", url: `http://127.0.0.1:${port}/${path}` });
  hub = await startHub({
    port: 0,
    folder,
    vars: {
      AUTH_MODE: "local",
      INGEST_SECRETS: JSON.stringify({ [PRODUCTION_ID]: SECRET }),
      TICKET_SECRET: Buffer.alloc(32, 3).toString("base64"),
      ALERT_TARGETS: JSON.stringify({ turno: target("ok") }),
      ALERT_TARGETS_MORE: JSON.stringify({ jefe: target("gone") }),
    },
  });
}, 120_000);
afterAll(async () => {
  await hub.stop();
  await new Promise((resolve) => receiver.close(resolve));
  rmSync(folder, { recursive: true, force: true });
});

const alert = (...args: string[]): Promise<CommandResult> =>
  runCommand("scripts/deploy/alert.ts", args, { HOME: folder, VIGIA_SIGNING_SECRET: SECRET });
/** People copy the address from the browser, with a slash at its end. */
const withHub = (...args: string[]) => ["test", "--config", settings, "--hub-url", `${hub.url}/`, ...args];

describe("npm run alert -- test", () => {
  test("TGT-3 It sends one test message, and prints what the receiver answered.", async () => {
    const { code, text } = await alert(...withHub("--target", "turno"));
    expect(text).toContain("turno: The receiver took the message (202). It said: no_service. The workflow may still fail");
    expect(code).toBe(0);
  });

  test("TGT-3 Without a name it tries every target, and fails when one of them did.", async () => {
    const { code, text } = await alert(...withHub());
    expect(text).toContain("jefe: The receiver answered 404: this address is gone.");
    // The first target may have got its test just now.
    expect(text).toMatch(/[12] of 2 did not get the test message\./);
    expect(code).toBe(1);
    expect(text).not.toContain("127.0.0.1:");
  });

  test("TGT-3 An unknown target, a wrong secret and wrong arguments are told in one sentence each.", async () => {
    expect((await alert(...withHub("--target", "nadie"))).text).toContain("There is no such target. Use one of: jefe, turno.");
    const stranger = { HOME: folder, VIGIA_SIGNING_SECRET: `whsec_${Buffer.alloc(32, 6).toString("base64")}` };
    const refused = await runCommand("scripts/deploy/alert.ts", withHub("--target", "turno"), stranger);
    expect([refused.code, refused.text]).toEqual([1, expect.stringContaining("The signing secret is not the hub's.")]);
    const nobody = await alert("test", "--local", "--hub-url", "http://127.0.0.1:9");
    expect([nobody.code, nobody.text]).toEqual([1, expect.stringContaining("Start it with npm start")]);
    const unknown = await alert("test", "--nonsense");
    expect(unknown.text).toMatch(/^Unknown option '--nonsense'\.\nUsage: /);
    for (const args of [[], ["send"], ["test", "extra"], ["test", "--nonsense"]])
      expect((await alert(...args)).code, args.join()).toBe(2);
  });
});

describe("npm run secret -- alert-targets", () => {
  test("TGT-1 Targets are read as the Worker reads them, and only their names are printed.", () => {
    const slack = { kind: "slack", url: "https://hooks.slack.com/services/T0/B0/secret" };
    const read = readTargets("ALERT_TARGETS", JSON.stringify({ turno: slack, jefe: slack }, null, 2));
    expect(read).toEqual({
      ok: true,
      value: JSON.stringify({ turno: slack, jefe: slack }),
      summary: "turno (slack), jefe (slack)",
    });
    const wrong = readTargets("ALERT_TARGETS", JSON.stringify({ turno: { ...slack, url: "http://localhost/secret" } }));
    expect(wrong).toMatchObject({
      ok: false,
      message: expect.stringMatching(/^The standard input has a mistake at turno\.url\./),
    });
    expect(readTargets("ALERT_TARGETS", "{}")).toMatchObject({ ok: false });
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`t${n}`, slack]));
    expect(readTargets("ALERT_TARGETS", JSON.stringify(many))).toMatchObject({
      ok: false,
      message: expect.stringContaining("--part"),
    });
  });
});
