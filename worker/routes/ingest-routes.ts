import { Hono } from "hono";
import * as v from "valibot";
import { parseUpdates } from "../../protocol/updates.ts";
import { centerStub } from "../centers.ts";
import { noteFailedPost, noteStoredPost, storagePauseSeconds } from "../storage-pause.ts";
import { refuse } from "./answers.ts";
import { type AppEnv, INSTANCE } from "./app-env.ts";
import { countRefusal, takeRefusals } from "./refusals.ts";
import { readSigned } from "./signed-posts.ts";

const revocationSchema = v.object({ subject: v.pipe(v.string(), v.nonEmpty(), v.maxLength(256)) });

export const ingestRoutes = new Hono<AppEnv>().basePath(INSTANCE);

ingestRoutes.post("/updates", async (c) => {
  const { instanceId } = c.req.param();
  const now = Date.now();
  const signed = await readSigned(c, instanceId, now);
  if (!signed.ok) return signed.answer;
  const parsed = parseUpdates(signed.text, now);
  if (!parsed.ok) {
    countRefusal(instanceId);
    return refuse(400, { error: "invalid_update", path: parsed.path, message: parsed.message });
  }
  const pause = storagePauseSeconds(instanceId, now);
  if (pause !== null) {
    const message = "The storage of the hub is full. Nothing of this post is stored. Post it again after Retry-After.";
    return refuse(503, { error: "storage_full", message }, { "Retry-After": String(pause) });
  }
  try {
    const center = centerStub(c.env, instanceId);
    const answer = await center.ingest(signed.webhookId, parsed.updates, takeRefusals(instanceId));
    noteStoredPost(instanceId);
    return Response.json(answer);
  } catch (error) {
    noteFailedPost(instanceId, error, now);
    throw error;
  }
});

ingestRoutes.post("/revocations", async (c) => {
  const { instanceId } = c.req.param();
  const signed = await readSigned(c, instanceId, Date.now());
  if (!signed.ok) return signed.answer;
  const body = v.safeParse(v.pipe(v.string(), v.parseJson(), revocationSchema), signed.text);
  if (!body.success) {
    return refuse(400, {
      error: "invalid_revocation",
      path: "subject",
      message: 'The body has no subject. Send {"subject":"…"}.',
    });
  }
  const closed = await centerStub(c.env, instanceId).revoke(body.output.subject);
  return c.json({ closed });
});
