import { createMiddleware } from "hono/factory";
import { isOwnDomain, STRICT_TRANSPORT_SECURITY } from "../strict-transport.ts";
import type { AppEnv } from "./app-env.ts";

/** Adds HSTS to all answers of the Worker on an own domain. The files of the dashboard get it from `_headers`. */
export const transportSecurity = createMiddleware<AppEnv>(async (c, next) => {
  await next();
  // RFC 6797 §7.2: an answer over plain http must not have the header.
  if (!c.req.url.startsWith("https:")) return;
  // The answer to a socket has to stay as it is.
  if (c.res.status !== 101 && isOwnDomain(new URL(c.req.url))) c.header("Strict-Transport-Security", STRICT_TRANSPORT_SECURITY);
});
