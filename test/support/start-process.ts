import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import { livingWith } from "./processes.ts";

const START = fileURLToPath(new URL("../../local/start/main.ts", import.meta.url));
/** The announcement comes within 15 s on an idle machine. */
const PATIENCE_MS = 60_000;
/** A killed process ends its children within 5 s on an idle machine. */
const LEFTOVERS_GONE_MS = 20_000;

/** A run of `npm start` in a process of its own. Its children inherit a mark, so that a test can find leftovers. */
export class StartProcess {
  readonly #child: ChildProcess;
  readonly #mark = `VIGIA_TEST_MARK=${randomUUID()}`;
  /** The exit code. null when a signal ended the process. */
  readonly exited: Promise<number | null>;
  output = "";

  constructor(folder: string, args: readonly string[]) {
    const [name = "", value = ""] = this.#mark.split("=");
    this.#child = spawn(process.execPath, [START, ...args], {
      env: { ...process.env, VIGIA_FOLDER: folder, [name]: value },
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) stream?.on("data", (chunk) => (this.output += String(chunk)));
    this.exited = new Promise((resolve) => this.#child.once("close", (code) => resolve(code)));
  }

  /** The dashboard's URL. null before the run has announced it. */
  get announcedUrl(): string | null {
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(this.output)?.[0];
    return url !== undefined && this.output.includes("Ctrl-C") ? url : null;
  }

  /** Waits for `condition`. Returns false when the process exits before that. @throws Error after 60 s */
  async reached(condition: () => boolean): Promise<boolean> {
    let running = true;
    void this.exited.then(() => {
      running = false;
    });
    const deadline = performance.now() + PATIENCE_MS;
    while (!condition()) {
      if (!running) return false;
      if (performance.now() > deadline) throw new Error(`npm start is not ready after ${PATIENCE_MS / 1000} s: ${this.output}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return true;
  }

  /** Waits for the dashboard's URL. @throws Error with the output when the process exits instead */
  async url(): Promise<string> {
    await this.reached(() => this.announcedUrl !== null);
    if (this.announcedUrl !== null) return this.announcedUrl;
    throw new Error(`npm start exited without a URL: ${this.output}`);
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Returns the id of the process of this run whose command contains `command`. @throws Error when there is none */
  pidOf(command: string): number {
    const found = livingWith(this.#mark).find((line) => line.includes(command));
    if (found === undefined) throw new Error(`No process of this run is ${command}.`);
    return Number.parseInt(found, 10);
  }

  /** Lists the processes of this run that still live, as `pid command`. Waits up to 20 s for the last one to end. */
  async leftovers(): Promise<string[]> {
    const deadline = performance.now() + LEFTOVERS_GONE_MS;
    for (;;) {
      const found = livingWith(this.#mark);
      if (found.length === 0 || performance.now() > deadline) return found;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /** Ends the run and every process that it left behind. */
  async destroy(): Promise<void> {
    this.#child.kill("SIGTERM");
    await this.exited;
    for (const found of livingWith(this.#mark)) process.kill(Number.parseInt(found, 10), "SIGKILL");
  }
}
