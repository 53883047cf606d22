import type { Catalogue } from "./catalogue.ts";

/** English texts about the settings of a reader. */
export const settingsEn = {
  "action.save": "Save",
  "action.delete": "Delete {name}",
  "settings.title": "Settings",
  "settings.own": "Your own choices",
  "settings.muted": "Muted rules",
  "settings.alias": "Amazon Connect alias (for links to contacts)",
  "settings.local": "Kept in this browser only.",
} satisfies Catalogue;
