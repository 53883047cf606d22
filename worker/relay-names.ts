/** The header with which a full primary names the relay to try instead. */
export const RELAY_HEADER = "x-vigia-relay";
/** With it, the number of viewers of the whole contact center. */
export const VIEWERS_HEADER = "x-vigia-viewers";

type Hint = DurableObjectLocationHint;

/** Continent -> the hint that places an object there (Cloudflare docs, Durable Objects, data location). */
const CONTINENT_HINT: Readonly<Record<string, Hint>> = { AF: "afr", AS: "apac", EU: "weur", NA: "enam", OC: "oc", SA: "sam" };
/** West of this a North American viewer is nearer to the western data centers. */
const WEST_OF_LONGITUDE = -100;
const HINTS: readonly Hint[] = ["wnam", "enam", "sam", "weur", "eeur", "apac", "oc", "afr", "me"];

/** Returns the region of a request as a location hint. Unknown = `enam`, which is near most Amazon Connect instances. */
export function regionOf(cf: CfProperties | undefined): Hint {
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

/** Returns the relay's stub. Cloudflare follows the location hint only when it creates the object. */
export function relayStub(env: Env, name: string) {
  const hint = HINTS.find((known) => known === name.split("/")[1]);
  return env.RELAY.getByName(name, hint === undefined ? {} : { locationHint: hint });
}
