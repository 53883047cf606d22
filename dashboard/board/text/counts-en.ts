import type { Catalogue } from "./catalogue.ts";

/** The English texts of the line of counts and of the two sections of the list. */
export const countsEn = {
  "tile.heading": "Summary",
  "tile.all": "All",
  "tile.available": "Available",
  "tile.ringing": "Ringing",
  "tile.onContact": "On a contact",
  "tile.onHold": "On hold",
  "tile.acw": "ACW",
  "tile.away": "Away",
  "tile.missed": "Missed",
  "tile.error": "Error",
  "tile.offline": "Offline",
  "tile.signedIn": { one: "{count} signed in", other: "{count} signed in" },
  "tile.stale": { one: "{count} without recent data", other: "{count} without recent data" },
  "tile.longest": "longest {time}",
  "tile.average": "average {time}",
  "tile.overLimit": { one: "{count} over the limit", other: "{count} over the limit" },
  "section.needy": "Need a hand · {count}",
  "section.others": "The others · {count}",
} satisfies Catalogue;
