import { type ChildProcess, fork } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { FinishedInvocation, InvocationOrder } from "./transcriber-process.ts";

const ENTRY = fileURLToPath(new URL("transcriber-process.ts", import.meta.url));

/** A transcriber in a process of its own that can be killed. Its invocations are retried in the next process, as Lambda does it. */
export class MortalTranscriber {
  readonly #env: Readonly<Record<string, string>>;
  #child: ChildProcess | null = null;
  readonly #running = new Map<string, InvocationOrder>();
  readonly #outcomes = new Map<string, unknown>();
  readonly #waiting = new Map<string, () => void>();

  constructor(env: Readonly<Record<string, string>>) {
    this.#env = env;
  }

  /** The id of the process that runs now; null while there is none. */
  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  /** Starts the process, and in it every invocation that the last process left unfinished. */
  async start(): Promise<void> {
    const child = fork(ENTRY, [], { env: { ...process.env, ...this.#env }, stdio: ["ignore", "inherit", "inherit", "ipc"] });
    this.#child = child;
    await once(child, "message");
    child.on("message", (report: FinishedInvocation) => this.#finish(report));
    for (const order of this.#running.values()) child.send(order);
  }

  /** Invokes the handler. Resolves with the outcome, through any number of processes. */
  async invoke(job: object): Promise<unknown> {
    const order = { requestId: randomUUID(), job };
    this.#running.set(order.requestId, order);
    this.#child?.send(order);
    await new Promise<void>((resolve) => this.#waiting.set(order.requestId, resolve));
    return this.#outcomes.get(order.requestId);
  }

  /** Kills the process without a warning. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (child === null) return;
    child.removeAllListeners("message");
    const exited = once(child, "exit");
    child.kill("SIGKILL");
    await exited;
    this.#child = null;
  }

  #finish(report: FinishedInvocation): void {
    this.#running.delete(report.requestId);
    this.#outcomes.set(report.requestId, "outcome" in report ? report.outcome : report.failure);
    this.#waiting.get(report.requestId)?.();
  }
}
