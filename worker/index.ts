import { type Context, Hono } from "hono";
import { cors } from "hono/cors";
import { signingKeys } from "./auth/signed-body.ts";
import { centerStub } from "./centers.ts";
import { log } from "./log.ts";
import { actionRoutes } from "./routes/action-routes.ts";
import { alertRoutes } from "./routes/alert-routes.ts";
import { alertTestRoutes } from "./routes/alert-test-routes.ts";
import { refuse, tryAgain, wrongMethod } from "./routes/answers.ts";
import { type AppEnv, INSTANCE } from "./routes/app-env.ts";
import { dataRoutes } from "./routes/data-routes.ts";
import { dayRoutes } from "./routes/day-routes.ts";
import { displayRoutes } from "./routes/display-routes.ts";
import { historyRoutes } from "./routes/history-routes.ts";
import { ingestRoutes } from "./routes/ingest-routes.ts";
import { meRoutes } from "./routes/me-routes.ts";
import { mayConnect } from "./routes/origins.ts";
import { board, pageOrNotFound } from "./routes/pages.ts";
import { recordingRoutes } from "./routes/recording-routes.ts";
import { signInRoutes } from "./routes/sign-in-routes.ts";
import { transportSecurity } from "./routes/transport-security.ts";
import { viewRoutes } from "./routes/view-routes.ts";
import { viewerRoutes } from "./routes/viewer-routes.ts";
import { readSettings } from "./settings.ts";
import { storagePauseSeconds } from "./storage-pause.ts";

// biome-ignore lint/performance/noBarrelFile: the runtime looks for the object classes among the entry's exports.
export { ContactCenter } from "./contact-center.ts";
export { Relay } from "./relay.ts";

/** A browser may keep the answer to a preflight for a day, in seconds. */
const PREFLIGHT_SECONDS = 86_400;

const crossOrigin = cors({
  origin: (origin, c: Context<AppEnv>) => (mayConnect(c, origin) ? origin : null),
  allowMethods: ["GET", "POST", "PUT", "DELETE"],
  allowHeaders: ["Authorization", "Content-Type", "If-None-Match"],
  exposeHeaders: ["ETag", "Retry-After", "WWW-Authenticate"],
  maxAge: PREFLIGHT_SECONDS,
});

const app = new Hono<AppEnv>();

app.use(transportSecurity);

app.get("/", board);

app.get("/healthz", (c) => c.json({ status: "ok" }));

app.get("/readyz", async (c) => {
  const parsed = readSettings(c.env);
  if (!parsed.ok) return refuse(503, { error: "not_configured", message: parsed.message });
  const [instanceId] = parsed.settings.ingestSecrets.keys();
  if (instanceId === undefined)
    return refuse(503, {
      error: "not_configured",
      message: "INGEST_SECRETS lists no instance, and none has a secret of its own. Add one with npm run secret -- add.",
    });
  // Everybody may ask, so the answer names the place in the list instead of the instance's id. The log has the id.
  for (const [index, [id, secrets]] of [...parsed.settings.ingestSecrets].entries()) {
    const keys = await signingKeys(secrets);
    if (typeof keys === "string") {
      log("not_configured", { setting: "INGEST_SECRETS", instanceId: id });
      return refuse(503, { error: "not_configured", message: `INGEST_SECRETS, entry ${index + 1}: ${keys}` });
    }
  }
  const { problem } = parsed.settings.delivery;
  if (problem !== null) {
    log("not_configured", { setting: "ALERT_TARGETS" });
    return refuse(503, { error: "not_configured", message: `Nobody is told of alerts: ${problem}` });
  }
  const isFull = storagePauseSeconds(instanceId, Date.now()) !== null;
  const state = isFull ? "storage_full" : await pingOf(c.env, instanceId);
  if (state === "pong") return c.json({ status: "ready" });
  return refuse(503, { error: state, message: "The hub cannot store posts now. Read docs/operate.md, The hub is not ready." });
});

app.use("/v1/*", async (c, next) => {
  const parsed = readSettings(c.env);
  if (!parsed.ok) {
    log("not_configured", { setting: parsed.name });
    return refuse(503, { error: "not_configured", message: parsed.message });
  }
  c.set("settings", parsed.settings);
  return next();
});

app.use("/v1/*", (c, next) => {
  // CORS does not cover sockets (RFC 6455 §10.2), so their route checks the origin itself.
  if (c.req.header("Upgrade") !== undefined) return next();
  // Only a page sends an origin, and no cache keeps a post, so a program's post needs none of these headers.
  if (c.req.method === "POST" && c.req.header("Origin") === undefined) return next();
  return crossOrigin(c, next);
});

app.route("/", ingestRoutes);
app.route("/", dataRoutes);
app.route("/", viewerRoutes);
app.route("/", alertRoutes);
app.route("/", dayRoutes);
app.route("/", alertTestRoutes);
app.route("/", actionRoutes);
app.route("/", meRoutes);
app.route("/", displayRoutes);
app.route("/", viewRoutes);
app.route("/", recordingRoutes);
app.route("/", signInRoutes);
app.route("/", historyRoutes);

for (const [path, allowed] of [
  ["updates", "POST"],
  ["revocations", "POST"],
  ["backups", "POST"],
  ["restores", "POST"],
  ["erasures", "POST"],
  ["tickets", "POST"],
  ["alerts/test", "POST"],
  ["actions", "POST"],
  ["me", "GET"],
  ["live", "GET"],
  ["agents", "GET"],
  ["agents/:agentId/day", "GET"],
  ["queues", "GET"],
  ["history", "GET"],
  ["alerts", "GET"],
  ["rules", "GET, PUT"],
  ["rules/preview", "POST"],
  ["audit", "GET"],
  ["views", "GET, PUT"],
  ["contacts/:contactId/recording", "POST"],
  ["displays", "GET, POST"],
  ["displays/:name", "DELETE"],
  ["metrics", "GET"],
] as const) {
  app.all(`${INSTANCE}/${path}`, () => wrongMethod(allowed));
}

for (const path of ["/healthz", "/readyz"]) app.all(path, () => wrongMethod("GET"));

app.notFound(pageOrNotFound);

app.onError((error) => {
  // A call to an object fails as a whole or not at all, so the request may be repeated.
  log("failed", { name: error.name, where: firstFrame(error) });
  return tryAgain();
});

export default app;

/** Answers "pong", or a stable word for why the hub is not ready. */
async function pingOf(env: Env, instanceId: string): Promise<string> {
  try {
    return await centerStub(env, instanceId).ping();
  } catch {
    return "unreachable";
  }
}

/** Returns the place of the error without its message, because messages may quote the request. */
function firstFrame(error: Error): string {
  return error.stack?.split("\n")[1]?.trim() ?? "";
}
