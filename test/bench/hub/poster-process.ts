// A sender in a process of its own, started by posting-apart.ts. It hears what to send and tells how it was answered.
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

/** Before the viewers' process, with which it shares a core. */
const URGENT = -10;
try {
  setPriority(URGENT);
} catch {
  // Only root may; without it the viewers' work is part of the times.
}

process.on("disconnect", () => process.exit(0));
process.on("message", async (message) => {
  const { port, perSecond, posts } = v.parse(orderSchema, message);
  process.send?.(await sendSteadily({ name: "vigia", port }, posts, perSecond));
});
