import type { Messages } from "./messages.ts";
import type { teamsEn } from "./teams-en.ts";

/** The Spanish texts of the choice of teams. */
export const teamsEsMX: Pick<Messages, keyof typeof teamsEn> = {
  "teams.mine": "Mis equipos",
  "teams.all": "Todos los equipos",
  "teams.search": "Buscar equipos",
  "teams.nobody": "Nadie está en los equipos elegidos.",
  "teams.showAll": "Mostrar todos los equipos",
};
