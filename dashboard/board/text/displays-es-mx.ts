import type { displaysEn } from "./displays-en.ts";
import type { Messages } from "./messages.ts";

/** Texts about the links that sign wallboards in, in Mexican Spanish. */
export const displaysEsMX: Pick<Messages, keyof typeof displaysEn> = {
  "displays.title": "Enlaces para pantalla",
  "displays.lead":
    "Un enlace da acceso a una pantalla durante un año, sin una persona. La pantalla solo muestra el tablero. Quien tenga el enlace ve lo mismo.",
  "displays.none": "No hay enlaces.",
  "displays.all": "Todos los equipos",
  "displays.made": "Lo hizo {name}, {time}",
  "displays.used": "Último uso: {time}",
  "displays.unused": "Sin usar",
  "displays.ends": "Vence: {time}",
  "displays.remove": "Eliminar",
  "displays.removeFor": "Eliminar el enlace de {name}",
  "displays.confirm": "Quitar el acceso a esta pantalla",
  "displays.confirmFor": "Quitar el acceso a la pantalla {name}",
  "displays.name": "Nombre de la pantalla",
  "displays.teams": "Equipos en la pantalla",
  "displays.make": "Crear enlace",
  "displays.replace": "Reemplazar el enlace de esta pantalla",
  "displays.url": "Enlace de {name}",
  "displays.once": "Abre este enlace en la pantalla. Solo se muestra ahora.",
  "displays.copy": "Copiar",
  "displays.copied": "Copiado",
  "displays.removed": "La pantalla {name} ya no tiene acceso.",
  "displays.missing": "No se pudieron cargar los enlaces para pantalla. Recarga la página.",
  "displays.failed": "El servidor no respondió. Intenta de nuevo.",
};
