import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import type { Browser } from "playwright-core";
import * as v from "valibot";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { DEMO_INSTANCE, loadDevVars } from "../../local/start/dev-vars.ts";
import { readTranscripts } from "../../local/start/hub-transcripts.ts";
import { launchBrowser } from "../browser/browser.ts";
import { signedPost } from "../support/signed-post.ts";
import { StartProcess } from "../support/start-process.ts";
import { aContact, anAgentState } from "../support/updates.ts";
import { freePort } from "./free-port.ts";
import { machineNode } from "./machine-node.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const run = promisify(execFile);
const rowsSchema = v.object({ data: v.array(v.looseObject({ agentId: v.string(), name: v.string() })) });
const firstLine = (text: string): unknown => JSON.parse(text.slice(0, text.indexOf("\n")));
const until = (check: () => void | Promise<void>) => vi.waitFor(check, { timeout: 45_000, interval: 50 });

let folder: string;
let start: StartProcess;
let hub: string;
let secret: string;
let browser: Browser;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "vigia-examples-"));
  start = new StartProcess(folder, ["--port", String(await freePort()), "--no-simulator"]);
  hub = await start.url();
  [secret = ""] = loadDevVars(ROOT).ingestSecret.split(" ");
  browser = await launchBrowser();
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await start?.destroy();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

async function post(...updates: Parameters<typeof signedPost>[1]): Promise<void> {
  const answer = await signedPost(`${hub}/v1/instances/${DEMO_INSTANCE}/updates`, updates, { secret });
  expect(answer.status).toBe(200);
}

/** Starts a program that goes on. Collects what it prints. */
function startProgram(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): { child: ChildProcess; printed: () => string } {
  const child = spawn(command, args, { cwd: ROOT, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "inherit"] });
  let printed = "";
  child.stdout.on("data", (chunk) => (printed += String(chunk)));
  return { child, printed: () => printed };
}

describe("Against npm start,", () => {
  test("The page of two messages shows the agents from its own development server and counts the seconds of a call itself.", async () => {
    const now = Date.now();
    await post(
      anAgentState({ agentId: "p1", name: "Agente Uno", occurredAt: now }),
      anAgentState({
        agentId: "p2",
        name: "Agente Dos",
        occurredAt: now,
        contacts: [aContact({ since: now - 60_000, connectedAt: now - 60_000 })],
      }),
    );
    const vite = join(ROOT, "node_modules/vite/bin/vite.js");
    const port = await freePort();
    const args = [vite, "examples/two-messages", "--host", "127.0.0.1", "--port", String(port), "--strictPort"];
    const { child, printed } = startProgram(machineNode(), args, { VITE_HUB: hub });
    try {
      await until(() => expect(printed()).toContain("ready in"));
      const page = await browser.newPage();
      const errors: string[] = [];
      page.on("pageerror", (error) => errors.push(error.message));
      await page.goto(`http://127.0.0.1:${port}/`);
      const row = (name: string) => page.getByRole("row", { name });
      await until(async () => expect(await row("Agente Uno").textContent()).toBe("Agente Unoavailable––"));
      const seconds = async () => Number(/(\d+) s/.exec((await row("Agente Dos").textContent()) ?? "")?.[1]);
      await until(async () => expect(await seconds()).toBeGreaterThanOrEqual(60));
      const first = await seconds();
      await until(async () => expect(await seconds()).toBeGreaterThan(first));
      const status = { name: "Almuerzo", kind: "custom" as const, since: Date.now() };
      await post(anAgentState({ agentId: "p1", name: "Agente Uno", occurredAt: Date.now(), status }));
      await until(async () => expect(await row("Agente Uno").textContent()).toContain("away"));
      expect(errors).toEqual([]);
      await page.close();
    } finally {
      child.kill();
    }
  });

  test("The page for a test call loads the widget of Amazon Connect with its ids.", async () => {
    const page = await browser.newPage();
    const loaded: string[] = [];
    await page.route(/^https:/, async (route) => {
      loaded.push(route.request().url());
      await route.fulfill({
        contentType: "text/javascript",
        body: "document.title = JSON.stringify(amazon_connect.ac.map(([name]) => name))",
      });
    });
    await page.goto(pathToFileURL(join(ROOT, "examples/web-call/index.html")).href);
    await until(async () => expect(await page.title()).toBe('["styles","snippetId","supportedMessagingContentTypes"]'));
    expect(loaded).toEqual(["https://alias.my.connect.aws/connectwidget/static/amazon-connect-chat-interface-client.js"]);
    await page.close();
  });

  test("FLU-8 the legacy client in a terminal shows the agents with thirty lines of code.", async () => {
    const file = join(ROOT, "examples/plain-client.mjs");
    expect(readFileSync(file, "utf8").trimEnd().split("\n").length).toBeLessThanOrEqual(30);
    await post(anAgentState({ agentId: "t1", name: "Jane Doe", occurredAt: Date.now() }));
    const { child, printed } = startProgram(machineNode(), [file, hub, DEMO_INSTANCE]);
    try {
      await until(() => expect(printed()).toContain("Jane Doe\tavailable\t-\t-"));
      const status = { name: "Almuerzo", kind: "custom" as const, since: Date.now() };
      await post(anAgentState({ agentId: "t1", name: "Jane Doe", occurredAt: Date.now(), status }));
      await until(() => expect(printed()).toContain("Jane Doe\taway\t-\t-"));
    } finally {
      child.kill();
    }
  });

  test("FLU-7 the file for the browser's console prints the frames of hub.v1 as text.", async () => {
    await post(anAgentState({ agentId: "f1", name: "Agente Frames", occurredAt: Date.now() }));
    const page = await browser.newPage();
    const printed: string[] = [];
    page.on("console", (message) => message.type() === "log" && printed.push(message.text()));
    try {
      await page.goto(`${hub}/healthz`);
      await page.evaluate(`(async () => {${readFileSync(join(ROOT, "examples/plain-frames.js"), "utf8")}})()`);
      await until(() => expect(printed[0]).toContain("Agente Frames"));
      expect(JSON.parse(printed[0] ?? "")).toMatchObject({ type: "initialAgentList" });
    } finally {
      await page.close();
    }
  });

  test.each([
    ["python3", "examples/send.py"],
    ["sh", "examples/send.sh"],
  ])("SIG-1 the sender in %s posts a signed update.", async (command, file) => {
    const env = { ...process.env, INGEST_SECRET: secret };
    const { stdout } = await run(command, [file, hub, DEMO_INSTANCE], { cwd: ROOT, env });
    expect(JSON.parse(stdout)).toMatchObject({ accepted: 1, stale: 0, duplicate: false });
  });

  test.each([
    ["python3", "examples/send.py"],
    ["sh", "examples/send.sh"],
  ])(
    "SIG-4 the sender in %s shows the hub's refusal of a wrong secret, and how it is called when the secret is missing.",
    async (command, file) => {
      const wrong = `whsec_${Buffer.alloc(32, 1).toString("base64")}`;
      const refused = run(command, [file, hub, DEMO_INSTANCE], { cwd: ROOT, env: { ...process.env, INGEST_SECRET: wrong } });
      const refusal: { stdout: string; stderr: string } = await refused.then(
        () => ({ stdout: "", stderr: "" }),
        (error) => error,
      );
      expect(refusal.stdout + refusal.stderr).toMatch(/401/);
      expect(refusal.stdout + refusal.stderr).toContain("unauthorized");
      expect(refusal.stdout + refusal.stderr).not.toContain(wrong.slice(6));
      const missing = run(command, [file, hub, DEMO_INSTANCE], { cwd: ROOT, env: { ...process.env, INGEST_SECRET: "" } });
      await expect(missing).rejects.toMatchObject({
        stderr: expect.stringContaining(`INGEST_SECRET=whsec_... ${command} ${file}`),
      });
    },
  );
});

/** Returns the agents that the board has now. */
async function agentsOnBoard() {
  const base = `${hub}/v1/instances/${DEMO_INSTANCE}`;
  const { ticket } = v.parse(v.object({ ticket: v.string() }), await (await fetch(`${base}/tickets`, { method: "POST" })).json());
  const answer = await fetch(`${base}/agents`, { headers: { authorization: `Bearer ${ticket}` } });
  return v.parse(rowsSchema, await answer.json()).data;
}

test("TRA-2 a transcriber in python3 posts its turns and its score, and frees the agent when it ends.", async () => {
  const args = ["examples/own_transcriber.py", hub, DEMO_INSTANCE];
  const { child, printed } = startProgram("python3", args, { INGEST_SECRET: secret });
  const ended = once(child, "close");
  const jane = async () => (await agentsOnBoard()).find(({ agentId }) => agentId === "A123");
  try {
    await until(() => expect(printed()).toContain("Ctrl-C ends it."));
    const { contactId, customer } = v.parse(
      v.looseObject({ contactId: v.string(), customer: v.unknown() }),
      firstLine(printed()),
    );
    expect(customer).toEqual({ score: 0, quarters: [-5, null, null, 5], recent: 0 });
    expect(await jane()).toMatchObject({ contactId, status: "on a call", sentimentScore: 0, transcription: "live" });
    const turns = (await readTranscripts(hub, DEMO_INSTANCE, [contactId])).get(contactId) ?? [];
    expect(turns.map(({ role, final, sentiment }) => [role, final, sentiment])).toEqual([
      ["agent", true, "neutral"],
      ["customer", true, "negative"],
      ["agent", true, "neutral"],
      ["customer", true, "positive"],
    ]);
  } finally {
    child.kill("SIGINT");
  }
  await ended;
  expect(await jane()).toMatchObject({ status: "available", contactId: null });
});

describe("npm run trigger", () => {
  const MAIN = join(ROOT, "local/trigger/main.ts");
  const EVENT = join(ROOT, "examples/events/web-call.json");

  test("The trigger starts the transcription of the example event, and the board has its call until Ctrl-C.", async () => {
    const { child, printed } = startProgram(process.execPath, [MAIN, EVENT], { VIGIA_FOLDER: folder });
    const ended = once(child, "close");
    try {
      await until(() => expect(printed()).toContain("Ctrl-C ends it."));
      expect(printed()).toMatch(/^The trigger answers: \{"result":"started","contactId":"[\w-]{36}"\}\n/);
      expect(printed()).toContain("  customer: You charged me twice for the same month again. (negative)\n");
      const contactId = /"contactId":"([\w-]+)"/.exec(printed())?.[1];
      const row = (await agentsOnBoard()).find(({ agentId }) => agentId === "example-agent");
      expect(row).toMatchObject({ name: "Agente Uno", contactId, status: "on a call", transcription: "live" });
      expect(row?.["sentimentScore"]).toEqual(expect.any(Number));
    } finally {
      child.kill("SIGINT");
    }
    expect(await ended).toEqual([0, null]);
    expect((await agentsOnBoard()).map(({ agentId }) => agentId)).not.toContain("example-agent");
  });

  test.each([
    ["without a file", () => [], "Usage: npm run trigger"],
    ["with a file that does not exist", () => ["no-such.json"], "There is no file no-such.json"],
    ["with a file that is not JSON", () => ["README.md"], "README.md is not JSON"],
  ])("The command says %s what to do.", async (_, args, message) => {
    const refused = run(process.execPath, [MAIN, ...args()], { cwd: ROOT, env: { ...process.env, VIGIA_FOLDER: folder } });
    await expect(refused).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining(message) });
  });

  test("The command asks for npm start in a folder in which none runs.", async () => {
    const env = { ...process.env, VIGIA_FOLDER: join(folder, "empty") };
    const refused = run(process.execPath, [MAIN, EVENT], { cwd: ROOT, env });
    await expect(refused).rejects.toMatchObject({ code: 2, stderr: expect.stringMatching(/^npm start does not run/) });
  });

  test("The command prints why the trigger starts nothing for an event of another instance.", async () => {
    const file = join(folder, "foreign.json");
    writeFileSync(file, readFileSync(EVENT, "utf8").replaceAll(DEMO_INSTANCE, "00000000-0000-4000-8000-000000000000"));
    const refused = run(process.execPath, [MAIN, file], { cwd: ROOT, env: { ...process.env, VIGIA_FOLDER: folder } });
    await expect(refused).rejects.toMatchObject({ code: 1, stdout: expect.stringContaining('"reason":"foreign_instance"') });
  });
});

test("The README of the examples names each of them.", () => {
  const readme = readFileSync(join(ROOT, "examples/README.md"), "utf8");
  for (const name of [
    "two-messages/",
    "plain-client.mjs",
    "send.py",
    "send.sh",
    "own_transcriber.py",
    "events/",
    "flow/",
    "web-call/",
    "react/",
    "board/",
    "server/",
    "plain/",
    "plain-frames.js",
    "ticket-endpoint.ts",
    "testing.mjs",
  ]) {
    expect(readme).toContain(`[${name}]`);
  }
});
