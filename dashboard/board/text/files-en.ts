import type { Catalogue } from "./catalogue.ts";

/** The English texts of files, links and printed pages. */
export const filesEn = {
  "csv.at": "Time ({zone})",
  "link.copy": "Copy link to this view",
  "link.copied": "Copied. Who opens the link signs in and sees only the own teams.",
  "link.url": "Link to this view",
  "print.at": "{time} ({zone})",
  "print.teams": "Teams: {words}",
  "print.search": "Search: “{words}”",
  "print.filter": "{name}: {words}",
  "print.sort": "Sort by: {words}",
  "print.sortDown": "Sort by: {words}, greatest first",
  "print.groupBy": "Group by: {words}",
} satisfies Catalogue;
