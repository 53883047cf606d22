import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import * as v from "valibot";
import type { PreparedPost, SentPost } from "./posts.ts";
import type { RunningServer } from "./servers.ts";

const PROCESS = fileURLToPath(new URL("poster-process.ts", import.meta.url));

const sentSchema = v.array(
  v.object({
    updates: v.array(v.object({ agentId: v.string(), sentimentScore: v.number() })),
    startedAt: v.number(),
    answeredAt: v.number(),
    seq: v.nullable(v.number()),
  }),
);

/**
 * Sends the posts from a process of its own. In the load process an answer would wait behind the frames of all viewers, and the
 * server does not cause that wait. The times are on the clock of that process: compare durations only.
 */
export async function sendApart(server: RunningServer, posts: readonly PreparedPost[], perSecond: number): Promise<SentPost[]> {
  const child = fork(PROCESS, { execArgv: [] });
  try {
    const answer = new Promise<unknown>((resolve, reject) => {
      child.once("message", resolve);
      child.once("exit", (code) => reject(new Error(`The sender ended with ${code}.`)));
    });
    child.send({ port: server.port, perSecond, posts });
    return v.parse(sentSchema, await answer);
  } finally {
    child.kill();
  }
}
