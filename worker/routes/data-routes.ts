import { type Context, Hono } from "hono";
import * as v from "valibot";
import { centerStub } from "../centers.ts";
import { backupSchema, type DataRequest, erasureSchema, restoreSchema } from "../instance-data.ts";
import { log } from "../log.ts";
import { refuse } from "./answers.ts";
import { type AppEnv, INSTANCE } from "./app-env.ts";
import { readSigned } from "./signed-posts.ts";

/** Signed requests about all that is stored of an instance or of one agent. */
export const dataRoutes = new Hono<AppEnv>().basePath(INSTANCE);

dataRoutes.post("/backups", async (c) => {
  const example = 'Send {"after":null}, then the "next" of each answer.';
  return answer(c, backupSchema, example, (body) => ({ what: "backup", ...body }));
});

dataRoutes.post("/restores", async (c) => {
  const example = 'Send {"restoreId","part","last","table","columns","rows"}, a part for each page of the backup.';
  return answer(c, restoreSchema, example, (body) => ({ what: "restore", ...body }));
});

dataRoutes.post("/erasures", async (c) => {
  const example = 'Send {"agentId":"…"} or {"everything":true}.';
  return answer(c, erasureSchema, example, (body) =>
    "agentId" in body ? { what: "erase-agent", agentId: body.agentId } : { what: "erase-everything" },
  );
});

async function answer<Body>(
  c: Context<AppEnv>,
  schema: v.GenericSchema<unknown, Body>,
  example: string,
  request: (body: Body) => DataRequest,
): Promise<Response> {
  const { instanceId = "" } = c.req.param();
  const signed = await readSigned(c, instanceId, Date.now());
  if (!signed.ok) return signed.answer;
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), signed.text);
  if (!parsed.success) return refuse(400, { error: "invalid_request", message: `The body has another form. ${example}` });
  const asked = request(parsed.output);
  const result = await centerStub(c.env, instanceId).data(signed.webhookId, asked);
  if (!result.ok) return refuse(result.status, { error: result.error, message: result.message });
  // An audit line: who holds the signing secret has seen or changed everything.
  log("data_request", { instanceId, what: asked.what });
  return c.json(result.body, 200, { "Cache-Control": "no-store" });
}
