import type { filesEn } from "./files-en.ts";
import type { Messages } from "./messages.ts";

/** The Spanish texts of files, links and printed pages. */
export const filesEsMX: Pick<Messages, keyof typeof filesEn> = {
  "csv.at": "Hora ({zone})",
  "link.copy": "Copiar enlace a esta vista",
  "link.copied": "Copiado. Quien abra el enlace inicia sesión y ve solo sus equipos.",
  "link.url": "Enlace a esta vista",
  "print.at": "{time} ({zone})",
  "print.teams": "Equipos: {words}",
  "print.search": "Búsqueda: «{words}»",
  "print.filter": "{name}: {words}",
  "print.sort": "Orden: {words}",
  "print.sortDown": "Orden: {words}, de mayor a menor",
  "print.groupBy": "Agrupado por: {words}",
};
