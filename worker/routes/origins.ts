import type { Context } from "hono";
import { isLoopbackOrigin } from "../auth/loopback.ts";
import type { AppEnv } from "./app-env.ts";
import { isLocal } from "./grants.ts";

/** Whether a page of another origin may ask: those of `ALLOWED_ORIGINS`, and in local mode every page of this machine. */
export function mayConnect(c: Context<AppEnv>, origin: string): boolean {
  return c.get("settings").allowedOrigins.has(origin) || (isLocal(c) && isLoopbackOrigin(origin));
}
