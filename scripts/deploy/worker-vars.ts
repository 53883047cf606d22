import { readSettings } from "../../worker/settings.ts";

/** Secrets are never in a settings file. These values only let the Worker's reader come to the other settings. */
const SECRETS = {
  INGEST_SECRETS: "{}",
  TICKET_SECRET: Buffer.alloc(32).toString("base64"),
  METRICS_TOKEN: "",
  ALERT_TARGETS: "",
};

/** What the Worker would say to its settings. `names` are all settings that it asks for, besides the secrets. */
export interface VarsCheck {
  names: ReadonlySet<string>;
  /** The sentences of the Worker about wrong values, or null. */
  problem: string | null;
}

/** Lets the Worker's own reader read the settings, so that a value which it would refuse is not deployed. */
export function checkVars(vars: Readonly<Record<string, string>>): VarsCheck {
  const names = new Set<string>();
  const environment = new Proxy(
    { ...vars, ...SECRETS },
    {
      get(values, name) {
        if (typeof name === "string" && !(name in SECRETS)) names.add(name);
        return Reflect.get(values, name);
      },
    },
  );
  const read = readSettings(environment);
  return { names, problem: read.ok ? null : read.message };
}
