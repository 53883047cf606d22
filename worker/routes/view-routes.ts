import { Hono } from "hono";
import { parseViewsRequest } from "../views/view-request.ts";
import { refuse } from "./answers.ts";
import { type AppEnv, INSTANCE } from "./app-env.ts";
import { answerFromCenter } from "./center-answers.ts";

/** The views of the board that admins share with everybody of a contact center. */
export const viewRoutes = new Hono<AppEnv>().basePath(INSTANCE);

viewRoutes.get("/views", (c) => answerFromCenter(c, null, { what: "views" }));

viewRoutes.put("/views", async (c) => {
  const request = parseViewsRequest(await c.req.text());
  if (!request.ok) return refuse(400, { error: "invalid_views", path: request.path, message: request.message });
  const { views, version } = request;
  return answerFromCenter(c, "admin", { what: "save-views", views, version });
});
