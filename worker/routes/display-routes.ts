import { Hono } from "hono";
import * as v from "valibot";
import { hashDisplaySecret, makeDisplaySecret } from "../auth/display-secret.ts";
import { parseDisplayRequest, readDisplayName } from "../displays/display-request.ts";
import { refuse } from "./answers.ts";
import { type AppEnv, INSTANCE } from "./app-env.ts";
import { answerFromCenter } from "./center-answers.ts";

const madeSchema = v.object({ expiresAt: v.number() });

/** The links that sign wallboards in. An admin makes, lists and removes them. */
export const displayRoutes = new Hono<AppEnv>().basePath(INSTANCE);

displayRoutes.get("/displays", (c) => answerFromCenter(c, "admin", { what: "displays" }));

displayRoutes.post("/displays", async (c) => {
  const request = parseDisplayRequest(await c.req.text());
  if (!request.ok) return refuse(400, { error: "invalid_display", path: request.path, message: request.message });
  const { instanceId } = c.req.param();
  const { hubName, delivery } = c.get("settings");
  const secret = makeDisplaySecret();
  const secretHash = await hashDisplaySecret(secret, hubName, instanceId);
  const filter = request.groupFilter === null ? null : [...request.groupFilter];
  const response = await answerFromCenter(c, "admin", { what: "make-display", name: request.name, filter, secretHash });
  if (!response.ok) return response;
  const { expiresAt } = v.parse(madeSchema, await response.json());
  // Servers, logs and Referer headers never get what stands behind the #.
  const url = new URL(delivery.boardUrl ?? "/", c.req.url);
  url.hash = new URLSearchParams({ display: secret, instance: instanceId }).toString();
  return c.json({ url: url.href, expiresAt }, 200, { "Cache-Control": "no-store" });
});

displayRoutes.delete("/displays/:name", (c) => {
  const name = readDisplayName(c.req.param("name"));
  if (name !== null) return answerFromCenter(c, "admin", { what: "remove-display", name });
  const message = "No display can have this name. GET …/displays lists them.";
  return refuse(404, { error: "unknown_display", message });
});
