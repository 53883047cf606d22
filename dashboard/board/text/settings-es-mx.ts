import type { Messages } from "./messages.ts";
import type { settingsEn } from "./settings-en.ts";

/** Spanish texts about the settings of a reader. */
export const settingsEsMX: Pick<Messages, keyof typeof settingsEn> = {
  "action.save": "Guardar",
  "action.delete": "Borrar {name}",
  "settings.title": "Ajustes",
  "settings.own": "Tus preferencias",
  "settings.muted": "Reglas silenciadas",
  "settings.alias": "Alias de Amazon Connect (para enlazar contactos)",
  "settings.local": "Se guardan solo en este navegador.",
};
