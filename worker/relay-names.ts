import { LOCATION_HINTS, type LocationHint } from "./object-places.ts";
import { placedObject } from "./placed-object.ts";
import { readSettings } from "./settings.ts";

/** The header with which a full primary names the relay to try instead. */
export const RELAY_HEADER = "x-vigia-relay";
/** With it, the number of viewers of the whole contact center. */
export const VIEWERS_HEADER = "x-vigia-viewers";

/** Continent -> the hint that places an object there (Cloudflare docs, Durable Objects, data location). */
const CONTINENT_HINT: Readonly<Record<string, LocationHint>> = {
  AF: "afr",
  AS: "apac",
  EU: "weur",
  NA: "enam",
  OC: "oc",
  SA: "sam",
};
/** West of this a North American viewer is nearer to the western data centers. */
const WEST_OF_LONGITUDE = -100;

/** Returns the region of a request as a location hint. Unknown = `enam`, which is near most Amazon Connect instances. */
export function regionOf(cf: CfProperties | undefined): LocationHint {
  const continent = typeof cf?.["continent"] === "string" ? cf["continent"] : "";
  const hint = CONTINENT_HINT[continent] ?? "enam";
  return hint === "enam" && Number(cf?.["longitude"] ?? 0) < WEST_OF_LONGITUDE ? "wnam" : hint;
}

/** Returns `instance/region/number`. An instance id comes from a path segment, so it holds no slash. */
export function relayName(instanceId: string, region: string, number: number): string {
  return `${instanceId}/${region}/${number}`;
}

export function instanceOf(relay: string): string {
  return relay.slice(0, relay.indexOf("/"));
}

/** Returns the relay's stub, near its region. @throws Error when the hub's settings are wrong */
export function relayStub(env: Env, name: string) {
  const parsed = readSettings(env);
  if (!parsed.ok) throw new Error(parsed.message);
  const hint = LOCATION_HINTS.find((known) => known === name.split("/")[1]);
  return placedObject(env.RELAY, name, parsed.settings.places, hint ?? null);
}
