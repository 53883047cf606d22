import { fileURLToPath } from "node:url";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import * as v from "valibot";
import { startChild } from "./child.ts";

/** The processes that run the transcriber. */
export interface Workers {
  /** Runs the transcriber in the next process, in turn. @throws Error when the function fails */
  transcribe(event: unknown): Promise<unknown>;
  stop(): Promise<void>;
}

/** Each call needs a connection for its whole duration. The SDK's default of 50 is too small. */
const MAX_SOCKETS = 2_000;

/** Starts `count` processes with `env` as their environment. */
export async function startWorkers(count: number, env: Readonly<Record<string, string>>, logFile: string): Promise<Workers> {
  const entry = fileURLToPath(new URL("transcriber-process.ts", import.meta.url));
  const children = await Promise.all(
    Array.from({ length: count }, () => startChild({ name: "A transcriber process", entry, config: env, logFile })),
  );
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
      if (answer?.FunctionError !== undefined)
        throw new Error(`The transcriber failed (${answer.FunctionError}). transcriber.log has the reason.`);
      return JSON.parse(answer?.Payload?.transformToString() ?? "null");
    },
    async stop() {
      await Promise.all(children.map((child) => child.stop()));
      for (const client of clients) client.destroy();
    },
  };
}
