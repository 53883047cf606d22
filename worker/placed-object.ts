import { log } from "./log.ts";
import { type Jurisdiction, type LocationHint, liesInside, type ObjectPlaces } from "./object-places.ts";

/** workerd says this on a developer's machine. Cloudflare's own network implements jurisdictions. */
const NOT_LOCALLY = "Jurisdiction restrictions are not implemented in workerd";

let ignoredOnce = false;

/**
 * Returns the object of a name in the hub's jurisdiction. Every call to an object goes through here: the same name without the
 * jurisdiction is another object with other data. Cloudflare follows the hint only when it makes the object, and nobody knows
 * which call that is, so each carries it.
 */
export function placedObject<Shell extends Rpc.DurableObjectBranded>(
  namespace: DurableObjectNamespace<Shell>,
  name: string,
  { jurisdiction }: ObjectPlaces,
  hint: LocationHint | null,
): DurableObjectStub<Shell> {
  const followed = hint !== null && liesInside(hint, jurisdiction);
  return within(namespace, jurisdiction).getByName(name, followed ? { locationHint: hint } : {});
}

function within<Shell extends Rpc.DurableObjectBranded>(
  namespace: DurableObjectNamespace<Shell>,
  jurisdiction: Jurisdiction | null,
): DurableObjectNamespace<Shell> {
  if (jurisdiction === null) return namespace;
  try {
    return namespace.jurisdiction(jurisdiction);
  } catch (error) {
    // Any other fault must not store data elsewhere.
    if (!(error instanceof Error && error.message.includes(NOT_LOCALLY))) throw error;
    if (!ignoredOnce) log("jurisdiction_ignored", { jurisdiction, reason: "local_runtime" });
    ignoredOnce = true;
    return namespace;
  }
}
