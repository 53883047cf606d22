import { Hono } from "hono";
import * as v from "valibot";
import { refuse } from "./answers.ts";
import { type AppEnv, INSTANCE } from "./app-env.ts";
import { answerFromCenter } from "./center-answers.ts";

const MAX_BODY = 4_096;
const id = v.pipe(v.string(), v.nonEmpty(), v.maxLength(256));
const bodySchema = v.pipe(
  v.string(),
  v.maxLength(MAX_BODY),
  v.parseJson(),
  v.object({ agentId: id, date: v.optional(v.nullable(v.pipe(v.string(), v.regex(/^\d{4}-\d{2}-\d{2}$/))), null) }),
);

/** Links to recordings. A POST, because each one is noted, and nothing on the way may repeat or keep it. */
export const recordingRoutes = new Hono<AppEnv>().basePath(INSTANCE);

recordingRoutes.post("/contacts/:contactId/recording", async (c) => {
  const body = v.safeParse(bodySchema, await c.req.text());
  const contactId = v.safeParse(id, c.req.param("contactId"));
  if (!body.success || !contactId.success) {
    const path = body.success ? "" : (v.getDotPath(body.issues[0]) ?? "");
    const message = 'Send {"agentId":"…","date":"YYYY-MM-DD"}: whose contact it is, and on which day. Without date it is today.';
    return refuse(400, { error: "invalid_request", path, message });
  }
  const { agentId, date } = body.output;
  return answerFromCenter(c, null, ({ roles }) => {
    return { what: "recording", agentId, contactId: contactId.output, date, roles: [...roles] };
  });
});
