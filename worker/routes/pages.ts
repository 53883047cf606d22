import type { Context } from "hono";
import { refuse } from "./answers.ts";
import type { AppEnv } from "./app-env.ts";

/**
 * Answers what is neither a file of the dashboard nor a route. An address that a person opens shows the board. Anything else is a
 * 404 that nobody may keep: a script of an older deployment must fail, and must not become the page, for a year, in caches.
 */
export async function pageOrNotFound(c: Context<AppEnv>): Promise<Response> {
  const { method, url } = c.req;
  const { pathname } = new URL(url);
  const opened = (method === "GET" || method === "HEAD") && (c.req.header("Accept") ?? "").includes("text/html");
  if (!opened || pathname.startsWith("/assets/") || pathname.startsWith("/v1/")) {
    return refuse(404, { error: "not_found" }, { "Cache-Control": "no-store" });
  }
  // `/index.html` would be answered with a redirect to `/`.
  return c.env.ASSETS.fetch(new Request(new URL("/", url), c.req.raw));
}
