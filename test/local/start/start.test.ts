import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { hireAgents } from "../../../local/simulator/staff.ts";
import { DEMO_INSTANCE, loadDevVars } from "../../../local/start/dev-vars.ts";
import { openLockFile } from "../../../local/start/lock-file.ts";
import { readStartOptions } from "../../../local/start/options.ts";
import { StartProcess } from "../../support/start-process.ts";
import { SocketViewer } from "../../support/viewer.ts";

let folder: string;
let runs: StartProcess[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "vigia-start-"));
  runs = [];
});
afterEach(async () => {
  await Promise.all(runs.map((run) => run.destroy()));
  rmSync(folder, { recursive: true, force: true });
});

function start(...args: string[]): StartProcess {
  const run = new StartProcess(folder, args);
  runs.push(run);
  return run;
}

/** Listens on a free port of 127.0.0.1. */
async function listenAnywhere(): Promise<{ port: number; close: () => Promise<unknown> }> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port.");
  return { port: address.port, close: () => new Promise((resolve) => server.close(resolve)) };
}

/** Starts a run on a free port and waits until `ready`. Another program may take the port first: then the run starts again. */
async function startOnFreePort(args: string[], ready = (run: StartProcess) => run.announcedUrl !== null): Promise<StartProcess> {
  for (;;) {
    const { port, close } = await listenAnywhere();
    await close();
    const run = start("--port", String(port), ...args);
    if ((await run.reached(() => ready(run))) || !run.output.includes("is in use")) return run;
  }
}

describe("The command line", () => {
  test("has the documented defaults.", () => {
    expect(readStartOptions([])).toEqual({
      port: 8787,
      agents: 40,
      calls: 4,
      speed: 1,
      simulator: true,
      fresh: false,
      chaosSeconds: null,
    });
    expect(readStartOptions(["--no-simulator", "--fresh", "--speed", "2.5"])).toMatchObject({
      simulator: false,
      fresh: true,
      speed: 2.5,
    });
    expect(readStartOptions(["--chaos", "20"]).chaosSeconds).toBe(20);
  });

  test("adds agents when the calls need more than the default, unless --agents is given.", () => {
    expect(readStartOptions(["--calls", "200"]).agents).toBe(300);
    expect(readStartOptions(["--calls", "200", "--agents", "210"]).agents).toBe(210);
  });

  test.each([
    [["--nope"], "'--nope'"],
    [["extra"], "'extra'"],
    [["--port", "abc"], "--port"],
    [["--port", "0"], "--port"],
    [["--port", "70000"], "--port"],
    [["--agents", "1.5"], "--agents"],
    [["--agents"], "--agents"],
    [["--calls", "-1"], "--calls"],
    [["--calls=-1"], "--calls"],
    [["--speed", "0"], "--speed"],
    [["--speed", "fast"], "--speed"],
    [["--fresh=yes"], "--fresh"],
    [["--chaos"], "--chaos"],
    [["--chaos", "0"], "--chaos"],
    [["--chaos", "1.5"], "--chaos"],
    [["--chaos", "-5"], '"-5"'],
    [["--port", "-1"], '"-1"'],
    [["--speed", "-.5"], '"-.5"'],
    [["--chaos", "--fresh"], "'--chaos' argument missing"],
    [["--fresh", "-1"], "--fresh"],
    [["--chaos", "soon"], "--chaos"],
    [["--chaos", "3601"], "--chaos"],
  ])("with %j ends with one line that names the flag and with exit code 2.", async (args, named) => {
    const run = start(...args);
    expect(await run.exited).toBe(2);
    expect(run.output.trimEnd().split("\n")).toHaveLength(1);
    expect(run.output).toContain(named);
  });

  test("with a port in use ends with one clear line and exit code 2.", async () => {
    const { port, close } = await listenAnywhere();
    const run = start("--port", String(port), "--no-simulator");
    expect(await run.exited).toBe(2);
    expect(run.output).toBe(`Port ${port} is in use. Choose another one with --port.\n`);
    await close();
  });
});

describe(".dev.vars", () => {
  const example = readFileSync(new URL("../../../.dev.vars.example", import.meta.url), "utf8");

  test("is created from the example with its own secrets, readable by its owner only, and then stays as it is.", () => {
    writeFileSync(join(folder, ".dev.vars.example"), example);
    const made = loadDevVars(folder);
    const file = join(folder, ".dev.vars");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, "utf8")).not.toContain("REPLACE_WITH");
    expect(Buffer.from(made.ingestSecret.replace("whsec_", ""), "base64")).toHaveLength(32);
    expect(Buffer.from(made.all["TICKET_SECRET"] ?? "", "base64")).toHaveLength(32);
    expect(loadDevVars(folder)).toEqual(made);
    rmSync(file);
    expect(loadDevVars(folder).ingestSecret).not.toBe(made.ingestSecret);
  });

  test("causes an error that names the file when it cannot be read.", () => {
    mkdirSync(join(folder, ".dev.vars"));
    expect(() => loadDevVars(folder)).toThrow(/cannot read or write .*\.dev\.vars: EISDIR/);
  });

  test("causes an error that names the wrong setting but not its value.", () => {
    writeFileSync(join(folder, ".dev.vars"), 'INGEST_SECRETS=\'{"x":"whsec_hidden"\'\nTICKET_SECRET=abc\n');
    expect(() => loadDevVars(folder)).toThrow(/INGEST_SECRETS/);
    expect(() => loadDevVars(folder)).not.toThrow(/hidden/);
  });
});

describe("A run", () => {
  test("refuses a folder that another run has taken and where no hub answers yet.", async () => {
    const taken = await openLockFile(folder);
    const run = await startOnFreePort(["--no-simulator"]);
    expect(await run.exited).toBe(2);
    expect(run.output).toBe(`Vigía is already starting and uses ${folder}. Stop it, then start again.\n`);
    taken.deleteFile();
  });

  test("with a file in place of its folder ends with one clear line and exit code 2.", async () => {
    rmSync(folder, { recursive: true });
    writeFileSync(folder, "");
    const run = await startOnFreePort(["--no-simulator"]);
    expect(await run.exited).toBe(2);
    expect(run.output).toMatch(/^npm start cannot write into .*EEXIST.*\n$/);
  });

  test("ends in order when what it waits for never comes.", async () => {
    const run = await startOnFreePort(["--agents", "3", "--calls", "1"], () => existsSync(join(folder, "center.log")));
    process.kill(run.pidOf("center-process.ts"), "SIGSTOP");
    run.signal("SIGINT");
    expect(await run.exited).toBe(0);
    expect(await run.leftovers()).toEqual([]);
  });

  test("shows a call with a score, keeps its state, removes former agents, and leaves no process behind.", async () => {
    const first = await startOnFreePort(["--agents", "12", "--calls", "2", "--speed", "4"]);
    const hub = await first.url();
    expect((await fetch(`${hub}/`)).headers.get("content-type")).toContain("text/html");
    const recordings = /Recordings +(\S+)/.exec(first.output)?.[1] ?? "";
    expect(await (await fetch(recordings)).text()).toContain("Recordings of the demo");
    const viewer = await SocketViewer.open({ hub, instance: DEMO_INSTANCE });
    const scored = await viewer.until("an agent on a call with a score", ({ agents }) =>
      [...agents.values()].find(({ status, sentimentScore }) => status === "on a call" && sentimentScore !== null),
    );
    expect(scored.contactId).not.toBeNull();
    expect(viewer.agents.size).toBe(12);
    expect(viewer.gaps).toEqual([]);
    const { epoch } = viewer;
    first.signal("SIGINT");
    expect(await first.exited).toBe(0);
    expect(first.output).toContain("Stopped: nothing is left running.");
    expect(await first.leftovers()).toEqual([]);
    await expect(fetch(`${hub}/healthz`)).rejects.toThrow();

    const second = await startOnFreePort(["--agents", "5", "--calls", "1"]);
    const later = await SocketViewer.open({ hub: await second.url(), instance: DEMO_INSTANCE });
    await later.until("the new staff only", ({ agents }) => (agents.size === 5 ? true : null));
    expect(new Set(later.agents.keys())).toEqual(new Set(hireAgents(5).map(({ id }) => id)));
    expect(later.epoch).toBe(epoch);
    second.signal("SIGTERM");
    expect(await second.exited).toBe(0);
    expect(await second.leftovers()).toEqual([]);

    const third = await startOnFreePort(["--no-simulator", "--fresh"]);
    const running = await third.url();
    const fresh = await SocketViewer.open({ hub: running, instance: DEMO_INSTANCE });
    await fresh.until("the first frame", ({ frames }) => frames[0]);
    expect(fresh.agents.size).toBe(0);
    expect(fresh.epoch).not.toBe(epoch);
    await fresh.close();
    const fourth = await startOnFreePort(["--no-simulator"]);
    expect(await fourth.exited).toBe(2);
    expect(fourth.output).toContain(`Vigía is already running at ${running}/`);
  }, 180_000);

  test("leaves no process behind when a transcriber hangs.", async () => {
    const run = await startOnFreePort(["--agents", "3", "--calls", "1"]);
    process.kill(run.pidOf("transcriber-process.ts"), "SIGSTOP");
    run.signal("SIGINT");
    expect(await run.exited).toBe(0);
    expect(await run.leftovers()).toEqual([]);
  });

  test("leaves no process behind when it is killed.", async () => {
    const run = await startOnFreePort(["--agents", "3", "--calls", "1"]);
    run.signal("SIGKILL");
    expect(await run.exited).toBeNull();
    expect(await run.leftovers()).toEqual([]);
  });

  test("leaves no process behind when it is stopped before it is ready.", async () => {
    const run = await startOnFreePort([], () => existsSync(join(folder, "hub.log")));
    run.signal("SIGINT");
    expect(await run.exited).toBe(0);
    expect(await run.leftovers()).toEqual([]);
  });
});
