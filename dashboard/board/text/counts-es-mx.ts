import type { countsEn } from "./counts-en.ts";
import type { Messages } from "./messages.ts";

/** The Spanish texts of the line of counts and of the two sections of the list. */
export const countsEsMX: Pick<Messages, keyof typeof countsEn> = {
  "tile.heading": "Resumen",
  "tile.all": "Todos",
  "tile.available": "Disponibles",
  "tile.ringing": "Timbrando",
  "tile.onContact": "En contacto",
  "tile.onHold": "En espera",
  "tile.acw": "ACW",
  "tile.away": "Ausentes",
  "tile.missed": "No contestó",
  "tile.error": "Error",
  "tile.offline": "Fuera de línea",
  "tile.signedIn": { one: "{count} conectado", other: "{count} conectados" },
  "tile.stale": { one: "{count} sin datos recientes", other: "{count} sin datos recientes" },
  "tile.longest": "máx. {time}",
  "tile.average": "prom. {time}",
  "tile.overLimit": { one: "{count} fuera de umbral", other: "{count} fuera de umbral" },
  "section.needy": "Necesitan ayuda · {count}",
  "section.others": "Los demás · {count}",
};
