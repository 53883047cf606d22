import type { Context } from "hono";
import { issuerMetadata } from "../auth/issuer-metadata.ts";
import { readSettings } from "../settings.ts";
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
  return board(c);
}

/**
 * Answers with the page of the board. Its policy allows connections to the issuer that signs people in, besides the hub.
 * `wrangler.toml` lets the Worker run for `/`, because `_headers` cannot know the issuer's addresses.
 */
export async function board(c: Context<AppEnv>): Promise<Response> {
  // `/index.html` would be answered with a redirect to `/`.
  const file = await c.env.ASSETS.fetch(new Request(new URL("/", c.req.url), c.req.raw));
  const policy = file.headers.get(POLICY);
  const origins = policy === null ? [] : await tokenOrigins(c.env);
  if (policy === null || origins.length === 0) return file;
  const page = new Response(file.body, file);
  page.headers.set(POLICY, policy.replace("connect-src 'self'", ["connect-src 'self'", ...origins].join(" ")));
  return page;
}

const POLICY = "Content-Security-Policy";

/**
 * Returns where the page looks whether the issuer answers, and where it exchanges codes and refresh tokens, if it does so itself.
 * The token host may differ from the issuer's.
 */
async function tokenOrigins(env: Env): Promise<string[]> {
  const parsed = readSettings(env);
  const signIn = parsed.ok ? (parsed.settings.identity?.signIn ?? null) : null;
  if (signIn === null) return [];
  const metadata = signIn.relay ? null : await issuerMetadata(signIn.issuer, Date.now());
  const addresses = metadata === null ? [signIn.issuer] : [signIn.issuer, metadata.tokenEndpoint];
  return [...new Set(addresses.map((address) => new URL(address).origin))];
}
