import type { Messages } from "./messages.ts";
import type { viewsEn } from "./views-en.ts";

/** Texts about the views that the center shares, in Mexican Spanish. */
export const viewsEsMX: Pick<Messages, keyof typeof viewsEn> = {
  "views.own": "Mis vistas",
  "views.center": "Del centro de contacto",
  "views.share": "Compartir",
  "views.shareFor": "Compartir {name} con el centro",
  "views.unshare": "Dejar de compartir",
  "views.unshareFor": "Dejar de compartir {name} con el centro",
  "views.shared": "El centro ya tiene la vista {name}.",
  "views.unshared": "El centro ya no tiene la vista {name}.",
  "views.refused.not_allowed":
    "No tienes permiso para compartir esta vista. Hace falta el rol de administrador, y solo grupos que tú puedes ver.",
  "views.refused.changed_meanwhile": "Alguien cambió las vistas compartidas mientras tanto. Revísalas e intenta de nuevo.",
  "views.refused.name_taken": "Otro administrador comparte una vista con este nombre. Guarda la tuya con otro nombre.",
  "views.refused.too_many_views": "El centro tiene todas las vistas compartidas que caben. Deja de compartir una que nadie use.",
  "views.refused.invalid_views": "Esta vista no se puede compartir. Su nombre o sus filtros son demasiado largos.",
  "views.refused.failed": "No se cambió nada, porque el servidor no respondió. Intenta de nuevo.",
  "views.name": "Nombre de esta vista",
  "views.save": "Guardar vista",
  "views.none": "Aún no hay vistas guardadas.",
  "views.reset": "Restablecer vista",
};
