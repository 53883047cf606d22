import type { SettingsReader } from "../protocol/settings-reader.ts";

/** The location hints of Cloudflare (developers.cloudflare.com, Durable Objects, data location, 2026-11). */
export const LOCATION_HINTS = ["wnam", "enam", "sam", "weur", "eeur", "apac", "oc", "afr", "me"] as const;
/** The jurisdictions of the same page, each with the hints that lie in it. A hint from elsewhere would contradict it. */
const HINTS_IN = {
  eu: ["weur", "eeur"],
  us: ["wnam", "enam"],
  fedramp: ["wnam", "enam"],
  "fedramp-high": ["wnam", "enam"],
} as const;

export type Jurisdiction = keyof typeof HINTS_IN;
export type LocationHint = (typeof LOCATION_HINTS)[number];

/** Where the Durable Objects of a hub are. Cloudflare moves no object, so both count when an object is made and never again. */
export interface ObjectPlaces {
  /** Objects run and store their data there only. null = anywhere. */
  jurisdiction: Jurisdiction | null;
  /** Near which place the contact centers are made, best effort. null = near the first request. */
  centerHint: LocationHint | null;
}

/** Reads `JURISDICTION` and `LOCATION_HINT`, and reports a hint that lies outside of the jurisdiction. */
export function readObjectPlaces(reader: SettingsReader): ObjectPlaces {
  const jurisdiction = reader.choice("JURISDICTION", ["", "eu", "us", "fedramp", "fedramp-high"]) || null;
  const centerHint = reader.choice("LOCATION_HINT", ["", ...LOCATION_HINTS]) || null;
  if (jurisdiction !== null && centerHint !== null && !liesInside(centerHint, jurisdiction)) {
    const inside = HINTS_IN[jurisdiction].join(" or ");
    reader.refuse("LOCATION_HINT", "lies outside of JURISDICTION", `Set it to ${inside}, or leave it out.`);
  }
  return { jurisdiction, centerHint };
}

/** Whether a hint can be followed inside a jurisdiction. */
export function liesInside(hint: LocationHint, jurisdiction: Jurisdiction | null): boolean {
  return jurisdiction === null || HINTS_IN[jurisdiction].some((inside) => inside === hint);
}
