import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type LocalSecrets, startSecrets } from "../../local/aws/secrets.ts";
import { type RunningHub, startHub } from "../../local/start/hub.ts";
import type { Update } from "../../protocol/updates.ts";
import { signedPost } from "../support/signed-post.ts";
import { OWN_SETTINGS, PRODUCTION_ID } from "./own-settings.ts";
import { type CommandResult, runCommand } from "./run-command.ts";

const SECRET = `whsec_${Buffer.alloc(32, 5).toString("base64")}`;
const folder = mkdtempSync(join(tmpdir(), "vigia-data-"));
const settings = join(folder, "settings.json");
const backupFile = join(folder, "backup.ndjson");
let hub: RunningHub;
let secrets: LocalSecrets;

beforeAll(async () => {
  writeFileSync(settings, JSON.stringify(OWN_SETTINGS));
  secrets = await startSecrets();
  secrets.putSecretValue("signing", SECRET);
  hub = await startHub({
    port: 0,
    folder,
    vars: {
      AUTH_MODE: "local",
      INGEST_SECRETS: JSON.stringify({ [PRODUCTION_ID]: SECRET }),
      TICKET_SECRET: Buffer.alloc(32, 3).toString("base64"),
    },
  });
}, 120_000);
afterAll(async () => {
  await hub.stop();
  await secrets.close();
  rmSync(folder, { recursive: true, force: true });
});

const data = (...args: string[]): Promise<CommandResult> =>
  runCommand("scripts/deploy/data.ts", ["--config", settings, "--hub-url", hub.url, "--secret-id", "signing", ...args], {
    HOME: folder,
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.url,
  });

async function names(): Promise<string[]> {
  const { ticket } = await (await fetch(`${hub.url}/v1/instances/${PRODUCTION_ID}/tickets`, { method: "POST" })).json();
  const headers = { Authorization: `Bearer ${ticket}` };
  const { data: rows } = await (await fetch(`${hub.url}/v1/instances/${PRODUCTION_ID}/agents`, { headers })).json();
  return rows.map(({ agentId }: { agentId: string }) => agentId).sort();
}

const agent = (agentId: string): Update => ({
  type: "agent.state",
  agentId,
  occurredAt: Date.now(),
  name: agentId,
  username: agentId,
  signedIn: true,
  status: { name: "Available", kind: "routable", since: Date.now() },
  contacts: [],
  routingProfile: "Basic",
  groups: [],
});

describe("npm run data", () => {
  test("A backup that `npm run data` has made brings an erased agent and an erased instance back.", async () => {
    await signedPost(`${hub.url}/v1/instances/${PRODUCTION_ID}/updates`, [agent("ana"), agent("luis")], { secret: SECRET });
    expect(await data("backup", backupFile)).toMatchObject({
      code: 0,
      text: expect.stringContaining(`rows are in ${backupFile}`),
    });
    expect(statSync(backupFile).mode & 0o077).toBe(0);
    // The agent and its hour of the day.
    expect(await data("erase", "--agent", "ana", "--yes")).toMatchObject({
      code: 0,
      text: expect.stringContaining("2 rows are erased"),
    });
    expect(await names()).toEqual(["luis"]);
    expect(await data("erase", "--everything", "--yes")).toMatchObject({ code: 0 });
    expect(await names()).toEqual([]);
    expect(await data("restore", backupFile, "--yes")).toMatchObject({
      code: 0,
      text: expect.stringContaining("rows are restored"),
    });
    expect(await names()).toEqual(["ana", "luis"]);
  });

  test("A file that was cut off, and a change without --yes, leave the hub as it is.", async () => {
    const cut = join(folder, "cut.ndjson");
    writeFileSync(cut, readFileSync(backupFile, "utf8").split("\n").slice(0, -2).join("\n"));
    const before = await names();
    expect(await data("restore", cut, "--yes")).toMatchObject({
      code: 1,
      text: expect.stringContaining("is not a whole backup"),
    });
    expect(await data("erase", "--everything")).toMatchObject({
      code: 1,
      text: expect.stringContaining("Repeat it with --yes."),
    });
    expect(await data("erase")).toMatchObject({ code: 2, text: expect.stringContaining("Say what to do") });
    expect(await data("backup", backupFile)).toMatchObject({
      code: 1,
      text: expect.stringContaining("exists. Name a new file."),
    });
    expect(existsSync(`${backupFile}.part`)).toBe(false);
    expect(await names()).toEqual(before);
  });

  test("The backup of another instance is refused, because it would replace this board by another one's.", async () => {
    const other = join(folder, "other.ndjson");
    const id = "b9d28041-0000-4000-8000-0000000000b2";
    writeFileSync(other, readFileSync(backupFile, "utf8").replace(PRODUCTION_ID, id));
    const before = await names();
    expect(await data("restore", other, "--yes")).toMatchObject({
      code: 1,
      text: expect.stringContaining(`other.ndjson is a backup of the instance ${id}, and this is ${PRODUCTION_ID}.`),
    });
    expect(await names()).toEqual(before);
  });

  test("A file that cannot be written or read is named, and a backup that breaks off leaves nothing.", async () => {
    expect(await data("backup", join(folder, "none", "b.ndjson"))).toMatchObject({
      code: 1,
      text: expect.stringContaining("b.ndjson cannot be written (ENOENT). Correct its name, or make room for it."),
    });
    expect(await data("restore", folder, "--yes")).toMatchObject({
      code: 1,
      text: expect.stringContaining(`${folder} cannot be read (EISDIR).`),
    });
    const broken = join(folder, "broken.ndjson");
    expect(await data("--hub-url", "http://127.0.0.1:9", "backup", broken)).toMatchObject({ code: 1 });
    expect([existsSync(broken), existsSync(`${broken}.part`)]).toEqual([false, false]);
  });

  test.each(["board.example.com", "https://board.example.com/v1", "https://me:x@board.example.com", "ftp://board.example.com"])(
    "The address %s is refused before anything is asked.",
    async (address) => {
      expect(await data("--hub-url", address, "backup", join(folder, "never.ndjson"))).toMatchObject({
        code: 2,
        text: expect.stringContaining("--hub-url must be an address without path, query or login"),
      });
    },
  );

  test("After the stack is gone, the signing secret of the environment still erases the rest.", async () => {
    const erased = await runCommand(
      "scripts/deploy/data.ts",
      ["--config", settings, "--hub-url", hub.url, "erase", "--agent", "luis", "--yes"],
      { HOME: folder, VIGIA_SIGNING_SECRET: SECRET },
    );
    expect(erased).toMatchObject({ code: 0, text: expect.stringContaining("2 rows are erased") });
    expect(await names()).toEqual(["ana"]);
  });

  test("A wrong secret and a hub that is away are one sentence each, which quotes no secret.", async () => {
    secrets.putSecretValue("other", `whsec_${Buffer.alloc(32, 6).toString("base64")}`);
    const wrong = await data("--secret-id", "other", "erase", "--everything", "--yes");
    expect(wrong).toMatchObject({ code: 1, text: expect.stringContaining("The signing secret is not the hub's.") });
    const away = await data("--hub-url", "http://127.0.0.1:9", "erase", "--everything", "--yes");
    expect(away).toMatchObject({ code: 1, text: expect.stringContaining("The hub did not answer at http://127.0.0.1:9") });
    const none = await data("--secret-id", "none", "backup", join(folder, "new.ndjson"));
    expect(none).toMatchObject({ code: 1, text: expect.stringContaining("The signing secret none cannot be read.") });
    expect(wrong.text + away.text + none.text).not.toContain("whsec_");
  });
});
