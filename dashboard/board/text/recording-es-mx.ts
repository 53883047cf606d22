import type { Messages } from "./messages.ts";
import type { recordingEn } from "./recording-en.ts";

/** Texts about the recording of a contact, in Mexican Spanish. */
export const recordingEsMX: Pick<Messages, keyof typeof recordingEn> = {
  "recording.ask": "Grabación",
  "recording.askFor": "Obtener un enlace a la grabación de este contacto",
  "recording.waiting": "Buscando la grabación…",
  "recording.open": "Escuchar (hasta las {time})",
  "recording.openHint": "Se abre en otra pestaña. El enlace sirve cinco minutos, a quien lo tenga.",
  "recording.ended": "El enlace venció. Pide uno nuevo.",
  "recording.no_recording": "No se guarda ninguna grabación de este contacto.",
  "recording.recording_not_ready": "La grabación aún no está. Intenta de nuevo unos minutos después del fin del contacto.",
  "recording.not_allowed": "No tienes permiso para escuchar grabaciones.",
  "recording.switched_off": "En este tablero no se pueden escuchar grabaciones.",
  "recording.not_found": "Este contacto ya no está entre los que puedes ver.",
  "recording.too_slow": "Las grabaciones no respondieron a tiempo. Intenta de nuevo.",
  "recording.too_many_requests": "Pediste muchas grabaciones. Espera unos segundos.",
  "recording.not_configured": "Las grabaciones no están configuradas. Avisa a quien opera el servidor.",
  "recording.failed": "No se pudo buscar la grabación. Intenta de nuevo.",
};
