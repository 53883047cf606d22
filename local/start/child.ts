import { type ChildProcess, fork } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import * as v from "valibot";

/**
 * A child process that never outlives its parent. It leads its own process group, so that a terminal's Ctrl-C reaches only
 * the parent, which then ends its children in order. An IPC channel connects the two. When the parent dies, the channel closes
 * and the child ends itself.
 */
export interface Child {
  pid: number;
  /** The child's message when it was ready. */
  ready: unknown;
  /** Resolves when the process has ended for any reason. */
  exited: Promise<void>;
  /** Runs an action of the child's service and returns its result. @throws Error when the action fails or the child ends */
  ask(action: string): Promise<unknown>;
  /** Ends the child in order, and by force after `graceMs`. Then no process of its group is left. */
  stop(graceMs?: number): Promise<void>;
  /** Ends the whole process group by force. */
  kill(): void;
}

export interface ChildOptions {
  /** Begins the error of a failed start, for example "The hub". */
  name: string;
  /** Absolute path of the TypeScript file that calls {@link runAsChild}. */
  entry: string;
  /** Sent over the channel, because other users can read command lines and environments. */
  config: unknown;
  env?: Readonly<Record<string, string>>;
  /** Options of Node for the child and its children, beside those of this process. */
  nodeOptions?: readonly string[];
  /** The child's output is appended to this file. */
  logFile: string;
  /** Ends a child that is not ready yet. */
  giveUp?: AbortSignal | undefined;
}

/** Gives workerd enough time to write its storage. */
const OWN_GRACE_MS = 5_000;
/** Longer, because a child ends its own children by force, and its parent does not know them. */
const GRACE_MS = 6_000;
/** A busy machine may need longer. As long as the child lives, its parent waits, and says so this often. */
const STILL_WAITING_MS = 60_000;
/** The number of log lines in the error of a child that fails before it is ready. */
const LOG_TAIL_LINES = 12;

const reportSchema = v.variant("type", [
  v.object({ type: v.literal("ready"), ready: v.unknown() }),
  v.object({ type: v.literal("failed"), message: v.string() }),
  v.object({ type: v.literal("answer"), id: v.number(), value: v.unknown() }),
  v.object({ type: v.literal("refusal"), id: v.number(), message: v.string() }),
]);
const requestSchema = v.object({ id: v.number(), action: v.string() });

/** The children of this process that live, whether they are ready or not, and how each is stopped. */
const living = new Map<ChildProcess, () => Promise<void>>();

/** Starts a child and waits until it is ready. @throws Error with the child's message and the end of its log */
export async function startChild(options: ChildOptions): Promise<Child> {
  const log = openSync(options.logFile, "a");
  const process_ = fork(options.entry, [], {
    detached: true,
    env: { ...process.env, ...options.env },
    execArgv: [...process.execArgv, ...(options.nodeOptions ?? [])],
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
  const stop = (graceMs = GRACE_MS) => stopChild(process_, exited, graceMs);
  living.set(process_, stop);
  void exited.then(() => living.delete(process_));
  // A child may wait for something that never comes.
  const giveUp = () => void stop();
  options.giveUp?.addEventListener("abort", giveUp, { once: true });
  try {
    const ready = await readyMessage(process_, options);
    options.giveUp?.removeEventListener("abort", giveUp);
    return {
      pid: process_.pid ?? 0,
      ready,
      exited,
      kill,
      ask: asker(process_, options.name),
      stop,
    };
  } catch (error) {
    kill();
    await exited;
    throw error;
  }
}

function asker(child: ChildProcess, name: string): Child["ask"] {
  let requests = 0;
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  child.on("message", (message) => {
    const report = v.safeParse(reportSchema, message);
    if (!report.success || !("id" in report.output)) return;
    const request = waiting.get(report.output.id);
    waiting.delete(report.output.id);
    if (report.output.type === "answer") request?.resolve(report.output.value);
    else request?.reject(new Error(report.output.message));
  });
  child.once("exit", () => {
    for (const { reject } of waiting.values())
      reject(new Error(`${name} ended before it answered. Look at the end of its log, then start again.`));
  });
  return (action) =>
    new Promise((resolve, reject) => {
      requests += 1;
      waiting.set(requests, { resolve, reject });
      child.send({ id: requests, action }, (error) => {
        if (error) reject(error);
      });
    });
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
    // The process group has already ended.
  }
}

function readyMessage(child: ChildProcess, { name, logFile }: ChildOptions): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const fail = (reason: string) => {
      clearInterval(waiting);
      reject(new Error(`${name} did not start: ${reason}\nThe end of ${logFile}:\n${tailOf(logFile)}`.trimEnd()));
    };
    const waiting = setInterval(
      () => console.error(`${name} is still starting. Look into ${logFile} for the reason.`),
      STILL_WAITING_MS,
    );
    child.on("message", (message) => {
      const report = v.safeParse(reportSchema, message);
      if (!report.success) return;
      clearInterval(waiting);
      if (report.output.type === "ready") resolve(report.output.ready);
      else if (report.output.type === "failed") fail(report.output.message);
    });
    child.once("error", (error) => {
      fail(error.message);
    });
    child.once("exit", () => {
      fail("its process ended.");
    });
  });
}

function tailOf(logFile: string): string {
  return readFileSync(logFile, "utf8").trimEnd().split("\n").slice(-LOG_TAIL_LINES).join("\n");
}

/** The result of a child's start function. `ready` goes to the parent. */
export interface ChildService {
  ready: unknown;
  /** What the parent may ask for by name. The results are JSON. */
  actions?: Readonly<Record<string, () => Promise<unknown>>>;
  stop(): Promise<void>;
}

/** Runs in the child. Calls `start` with the parent's config, and ends this process when the parent asks or has died. */
export function runAsChild(start: (config: unknown) => Promise<ChildService>): void {
  let service: ChildService | null = null;
  let ending = false;
  const end = async () => {
    if (ending) return;
    ending = true;
    // Ends this process even when `stop` hangs and the parent has died.
    setTimeout(() => {
      for (const child of living.keys()) killGroup(child);
      process.kill(-process.pid, "SIGKILL");
    }, OWN_GRACE_MS).unref();
    await service?.stop();
    // A start that was interrupted leaves the children that it had started.
    await Promise.all([...living.values()].map((stop) => stop()));
    process.exit(0);
  };
  process.once("disconnect", end);
  process.once("SIGTERM", end);
  process.once("message", async (message) => {
    try {
      service = await start(v.parse(v.object({ config: v.unknown() }), message).config);
      const { actions = {} } = service;
      process.on("message", (request) => void runAction(actions, request));
      if (!ending) process.send?.({ type: "ready", ready: service.ready });
    } catch (error) {
      process.send?.({ type: "failed", message: error instanceof Error ? error.message : String(error) }, () => process.exit(1));
    }
  });
}

async function runAction(actions: NonNullable<ChildService["actions"]>, message: unknown): Promise<void> {
  const { id, action } = v.parse(requestSchema, message);
  try {
    const run = Object.hasOwn(actions, action) ? actions[action] : undefined;
    if (run === undefined)
      throw new Error(`This process has no action ${action}. Use one of ${Object.keys(actions).join(", ")}.`);
    const value = (await run()) ?? null;
    process.send?.({ type: "answer", id, value });
  } catch (error) {
    process.send?.({ type: "refusal", id, message: error instanceof Error ? error.message : String(error) });
  }
}
