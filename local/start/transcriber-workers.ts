import { fileURLToPath } from "node:url";
import { InvokeCommand, type InvokeCommandOutput, LambdaClient } from "@aws-sdk/client-lambda";
import * as v from "valibot";
import { type LambdaContext, RuntimeExit } from "../aws/lambda-function.ts";
import { type Child, startChild } from "./child.ts";

/** Each call needs a connection for its whole duration. The SDK's default of 50 is too small. */
const MAX_SOCKETS = 2_000;
/** A connection breaks a moment before the end of the process is known. */
const EXIT_KNOWN_WITHIN_MS = 1_000;

interface Worker {
  child: Child;
  client: LambdaClient;
  /** Calls that run in the process now. */
  calls: number;
  alive: boolean;
}

/** The processes that run the transcriber. A process that dies is replaced, and its calls fail as they do at AWS. */
export class TranscriberWorkers {
  readonly #env: Readonly<Record<string, string>>;
  readonly #logFile: string;
  readonly #workers: Promise<Worker>[];
  #turn = 0;
  #stopping = false;

  /** Starts `count` processes with `env` as their environment. */
  static async start(count: number, env: Readonly<Record<string, string>>, logFile: string): Promise<TranscriberWorkers> {
    const workers = new TranscriberWorkers(count, env, logFile);
    await Promise.all(workers.#workers);
    return workers;
  }

  private constructor(count: number, env: Readonly<Record<string, string>>, logFile: string) {
    this.#env = env;
    this.#logFile = logFile;
    this.#workers = Array.from({ length: count }, (_, place) => this.#startWorker(place));
  }

  /**
   * Runs the transcriber in the next process, in turn.
   * @throws RuntimeExit when the process dies, and Error when the function fails
   */
  async transcribe(event: unknown, { awsRequestId }: Pick<LambdaContext, "awsRequestId">): Promise<unknown> {
    this.#turn += 1;
    const worker = await this.#workers[this.#turn % this.#workers.length];
    if (worker === undefined) throw new Error("No process runs the transcriber.");
    worker.calls += 1;
    try {
      return payloadOf(await this.#invoke(worker, event, awsRequestId));
    } finally {
      worker.calls -= 1;
    }
  }

  /** Kills (SIGKILL) the process that has the most calls, and starts another one. Returns whether one was alive. */
  async killWorker(): Promise<boolean> {
    const workers = (await Promise.all(this.#workers)).filter(({ alive }) => alive);
    const [busiest] = workers.toSorted((a, b) => b.calls - a.calls);
    if (busiest === undefined) return false;
    busiest.child.kill();
    await busiest.child.exited;
    return true;
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    const workers = await Promise.all(this.#workers);
    await Promise.all(workers.map(({ child }) => child.stop()));
    for (const { client } of workers) client.destroy();
  }

  async #startWorker(place: number): Promise<Worker> {
    const entry = fileURLToPath(new URL("transcriber-process.ts", import.meta.url));
    const child = await startChild({ name: "A transcriber process", entry, config: this.#env, logFile: this.#logFile });
    const client = new LambdaClient({
      endpoint: v.parse(v.object({ url: v.string() }), child.ready).url,
      maxAttempts: 1,
      requestHandler: { httpAgent: { maxSockets: MAX_SOCKETS } },
    });
    const worker: Worker = { child, client, calls: 0, alive: true };
    void child.exited.then(() => {
      worker.alive = false;
      if (this.#stopping) return;
      client.destroy();
      this.#workers[place] = this.#startWorker(place);
      this.#workers[place].catch((error: unknown) => console.error("A transcriber process was not replaced:", error));
    });
    return worker;
  }

  async #invoke({ client, child }: Worker, event: unknown, requestId: string): Promise<InvokeCommandOutput> {
    // A retry keeps the id of its request.
    const ClientContext = Buffer.from(JSON.stringify({ custom: { requestId } })).toString("base64");
    try {
      return await client.send(new InvokeCommand({ FunctionName: "transcriber", ClientContext, Payload: JSON.stringify(event) }));
    } catch (error) {
      const exited = child.exited.then(() => true);
      const unknown = new Promise<false>((resolve) => setTimeout(() => resolve(false), EXIT_KNOWN_WITHIN_MS));
      if (await Promise.race([exited, unknown])) throw new RuntimeExit("signal: killed");
      throw error;
    }
  }
}

function payloadOf(answer: InvokeCommandOutput): unknown {
  if (answer.FunctionError !== undefined)
    throw new Error(`The transcriber failed (${answer.FunctionError}). transcriber.log has the reason.`);
  return JSON.parse(answer.Payload?.transformToString() ?? "null");
}
