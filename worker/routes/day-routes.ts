import { Hono } from "hono";
import { type AppEnv, INSTANCE } from "./app-env.ts";
import { answerFromCenter } from "./center-answers.ts";
import { dayCsv } from "./day-csv.ts";

/** The days of agents, for viewers without a socket. */
export const dayRoutes = new Hono<AppEnv>().basePath(INSTANCE);

dayRoutes.get("/agents/:agentId/day", async (c) => {
  const agentId = c.req.param("agentId");
  const response = await answerFromCenter(c, null, { what: "day", agentId, date: c.req.query("date") ?? null });
  if (!response.ok || !(c.req.header("Accept") ?? "").includes("text/csv")) return response;
  return new Response(dayCsv(await response.json()), {
    headers: {
      "Content-Type": "text/csv; charset=utf-8",
      "Content-Disposition": 'attachment; filename="day.csv"',
      "Cache-Control": "no-store",
      Vary: "Authorization",
    },
  });
});
