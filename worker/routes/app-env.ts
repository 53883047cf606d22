import type { Settings } from "../settings.ts";

/** What every route finds in its context. */
export interface AppEnv {
  Bindings: Env;
  Variables: { settings: Settings };
}

/** Where everything about one contact center is. */
export const INSTANCE = "/v1/instances/:instanceId";
