// A sender in a process of its own, started by posting-apart.ts. It receives the posts and returns the time of each answer.
import { setPriority } from "node:os";
import * as v from "valibot";
import { sendSteadily } from "./posts.ts";

const orderSchema = v.object({
  port: v.number(),
  perSecond: v.number(),
  posts: v.array(
    v.object({
      path: v.string(),
      headers: v.record(v.string(), v.string()),
      body: v.string(),
      updates: v.array(v.object({ agentId: v.string(), sentimentScore: v.number() })),
    }),
  ),
});

/** Runs before the viewers' process, with which it shares a core. */
const URGENT = -10;
try {
  setPriority(URGENT);
} catch {
  // Only root may raise a priority. Without it the times include work of the viewers.
}

process.on("disconnect", () => process.exit(0));
process.on("message", async (message) => {
  const { port, perSecond, posts } = v.parse(orderSchema, message);
  process.send?.(await sendSteadily({ name: "vigia", port }, posts, perSecond));
});
