import type { Settings } from "../settings.ts";

/** The settings and variables that every route finds in its context. */
export interface AppEnv {
  Bindings: Env;
  Variables: { settings: Settings };
}

/** The path below which everything about one contact center is. */
export const INSTANCE = "/v1/instances/:instanceId";
