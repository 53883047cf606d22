import type { Catalogue } from "./catalogue.ts";

/** The English texts of the choice of teams. */
export const teamsEn = {
  "teams.mine": "My teams",
  "teams.all": "All teams",
  "teams.search": "Search teams",
  "teams.nobody": "Nobody is in the chosen teams.",
  "teams.showAll": "Show all teams",
} satisfies Catalogue;
