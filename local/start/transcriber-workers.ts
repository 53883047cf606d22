import { fileURLToPath } from "node:url";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import * as v from "valibot";
import { startChild } from "./child.ts";

/** Processes that run the transcriber. */
export interface Workers {
  /** Runs it in one of them, in turn. @throws Error when it failed there. */
  transcribe(event: unknown): Promise<unknown>;
  stop(): Promise<void>;
}

/** Invocations last as long as calls, each on a connection of its own; the SDK's default is 50. */
const MAX_SOCKETS = 2_000;

/** Starts `count` of them with `env` as their environment. */
export async function startWorkers(count: number, env: Readonly<Record<string, string>>, logFile: string): Promise<Workers> {
  const entry = fileURLToPath(new URL("transcriber-process.ts", import.meta.url));
  const children = await Promise.all(Array.from({ length: count }, () => startChild({ entry, config: env, logFile })));
  const clients = children.map(
    ({ ready }) =>
      new LambdaClient({
        endpoint: v.parse(v.object({ url: v.string() }), ready).url,
        maxAttempts: 1,
        requestHandler: { httpAgent: { maxSockets: MAX_SOCKETS } },
      }),
  );
  let turn = 0;
  return {
    async transcribe(event) {
      turn += 1;
      const answer = await clients[turn % clients.length]?.send(
        new InvokeCommand({ FunctionName: "transcriber", Payload: JSON.stringify(event) }),
      );
      if (answer?.FunctionError !== undefined) throw new Error(`The transcriber failed: ${answer.FunctionError}.`);
      return JSON.parse(answer?.Payload?.transformToString() ?? "null");
    },
    async stop() {
      await Promise.all(children.map((child) => child.stop()));
      for (const client of clients) client.destroy();
    },
  };
}
