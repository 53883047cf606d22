import { type ChildProcess, fork } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import * as v from "valibot";

/**
 * Child processes that never outlive us. A child leads its own process group, so a terminal's Ctrl-C reaches only the
 * parent, which ends its children in order; and it hangs on an IPC channel, so when the parent dies in any way the channel
 * closes and the child ends itself.
 */
export interface Child {
  pid: number;
  /** What the child said when it was ready. */
  ready: unknown;
  /** Settles when the process is gone, whoever ended it. */
  exited: Promise<void>;
  /** Ends it in order; after `graceMs` by force. Nothing of its process group is left afterwards. */
  stop(graceMs?: number): Promise<void>;
  /** Ends it and everything it started by force, now. */
  kill(): void;
}

export interface ChildOptions {
  /** Absolute path of the TypeScript file that calls {@link runAsChild}. */
  entry: string;
  /** Handed over on the channel: never on a command line or in an environment, where others could read it. */
  config: unknown;
  env?: Readonly<Record<string, string>>;
  /** Its output is added to this file. */
  logFile: string;
}

/** Long enough for workerd to write what it still holds. */
const GRACE_MS = 5_000;
const READY_WITHIN_MS = 60_000;
/** How much of the log goes into the message when a child fails before it is ready. */
const LOG_TAIL_LINES = 12;

const reportSchema = v.variant("type", [
  v.object({ type: v.literal("ready"), ready: v.unknown() }),
  v.object({ type: v.literal("failed"), message: v.string() }),
]);

/** Starts a child and waits until it is ready. @throws Error with its message, or the end of its log, when it fails before. */
export async function startChild(options: ChildOptions): Promise<Child> {
  const log = openSync(options.logFile, "a");
  const process_ = fork(options.entry, [], {
    detached: true,
    env: { ...process.env, ...options.env },
    stdio: ["ignore", log, log, "ipc"],
  });
  closeSync(log);
  const kill = () => killGroup(process_);
  const exited = new Promise<void>((resolve) => {
    process_.once("exit", () => {
      kill();
      resolve();
    });
    process_.once("error", () => resolve());
  });
  process_.send({ config: options.config }, () => {});
  try {
    const ready = await readyMessage(process_, options.logFile);
    return { pid: process_.pid ?? 0, ready, exited, kill, stop: (graceMs = GRACE_MS) => stopChild(process_, exited, graceMs) };
  } catch (error) {
    kill();
    await exited;
    throw error;
  }
}

async function stopChild(child: ChildProcess, exited: Promise<void>, graceMs: number): Promise<void> {
  const force = setTimeout(() => killGroup(child), graceMs);
  if (child.connected) child.disconnect();
  await exited;
  clearTimeout(force);
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // Already gone: that is what we want.
  }
}

function readyMessage(child: ChildProcess, logFile: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const fail = (message: string) => reject(new Error(message));
    const late = setTimeout(() => fail(`Not ready after ${READY_WITHIN_MS / 1000} s.\n${tailOf(logFile)}`), READY_WITHIN_MS);
    child.on("message", (message) => {
      const report = v.safeParse(reportSchema, message);
      if (!report.success) return;
      clearTimeout(late);
      if (report.output.type === "ready") resolve(report.output.ready);
      else fail(`${report.output.message}\n${tailOf(logFile)}`.trimEnd());
    });
    child.once("error", (error) => {
      clearTimeout(late);
      fail(error.message);
    });
    child.once("exit", () => {
      clearTimeout(late);
      fail(`Ended before it was ready.\n${tailOf(logFile)}`);
    });
  });
}

function tailOf(logFile: string): string {
  return readFileSync(logFile, "utf8").trimEnd().split("\n").slice(-LOG_TAIL_LINES).join("\n");
}

/** What a child hands back once it is running. */
export interface ChildService {
  ready: unknown;
  stop(): Promise<void>;
}

/** The child's side: calls `start` with the parent's config, and ends this process when the parent asks or is gone. */
export function runAsChild(start: (config: unknown) => Promise<ChildService>): void {
  let service: ChildService | null = null;
  let ending = false;
  const end = async () => {
    if (ending) return;
    ending = true;
    // When even the parent is gone nobody else would end us.
    setTimeout(() => process.kill(-process.pid, "SIGKILL"), GRACE_MS).unref();
    await service?.stop();
    process.exit(0);
  };
  process.once("disconnect", end);
  process.once("SIGTERM", end);
  process.once("message", async (message) => {
    try {
      service = await start(v.parse(v.object({ config: v.unknown() }), message).config);
      if (!ending) process.send?.({ type: "ready", ready: service.ready });
    } catch (error) {
      process.send?.({ type: "failed", message: error instanceof Error ? error.message : String(error) }, () => process.exit(1));
    }
  });
}
