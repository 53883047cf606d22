import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { livingWith } from "./processes.ts";

const START = fileURLToPath(new URL("../../local/start/main.ts", import.meta.url));
/** The announcement comes within 15 s on an idle machine. */
const PATIENCE_MS = 60_000;

/** A run of `npm start` as its own process, with everything it starts marked, so that leftovers can be found. */
export class StartProcess {
  readonly #child: ChildProcess;
  readonly #mark = `VIGIA_TEST_MARK=${randomUUID()}`;
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

  /** The dashboard's URL, once it is announced. */
  async url(): Promise<string> {
    const deadline = performance.now() + PATIENCE_MS;
    while (this.#child.exitCode === null && performance.now() < deadline) {
      const url = /http:\/\/127\.0\.0\.1:\d+/.exec(this.output)?.[0];
      if (url !== undefined && this.output.includes("Ctrl-C")) return url;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`Nothing was announced: ${this.output}`);
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Processes of this run that are still there, as `pid command`; asks again for a while before it says so. */
  async leftovers(): Promise<string[]> {
    const deadline = performance.now() + 20_000;
    for (;;) {
      const found = livingWith(this.#mark);
      if (found.length === 0 || performance.now() > deadline) return found;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /** For afterEach: whatever the test did, nothing of it stays. */
  async destroy(): Promise<void> {
    this.#child.kill("SIGTERM");
    await this.exited;
    for (const found of livingWith(this.#mark)) process.kill(Number.parseInt(found, 10), "SIGKILL");
  }
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("There is no free port.");
  return address.port;
}
