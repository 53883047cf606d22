import { placedObject } from "./placed-object.ts";
import { readSettings } from "./settings.ts";

/** Returns the stub of an instance's contact center. @throws Error when the hub's settings are wrong */
export function centerStub(env: Env, instanceId: string) {
  const parsed = readSettings(env);
  if (!parsed.ok) throw new Error(parsed.message);
  const { places } = parsed.settings;
  return placedObject(env.CONTACT_CENTER, instanceId, places, places.centerHint);
}
