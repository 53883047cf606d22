import type { keysEn } from "./keys-en.ts";
import type { Messages } from "./messages.ts";

/** The Spanish texts about the keyboard. */
export const keysEsMX: Pick<Messages, keyof typeof keysEn> = {
  "keys.title": "Teclado",
  "keys.search": "Buscar",
  "keys.alerts": "Mostrar u ocultar las alertas",
  "keys.live": "Volver a en vivo, desde el historial",
  "keys.play": "Reproducir o pausar el historial",
  "keys.sheet": "Mostrar estas teclas",
  "keys.step": "Agente anterior o siguiente",
  "keys.page": "Diez agentes arriba o abajo",
  "keys.end": "Primer o último agente",
  "keys.open": "Abrir al agente",
  "keys.menu": "Menú del agente",
  "keys.close": "Cerrar el panel",
  "keys.across": "Moverse entre botones, colas o encabezados",
  "keys.single": "Las teclas sueltas ({keys}) funcionan. Nunca mientras escribes.",
  "keys.or": "o",
  "keys.cap.home": "Inicio",
  "keys.cap.end": "Fin",
  "keys.cap.pageUp": "Re Pág",
  "keys.cap.pageDown": "Av Pág",
  "keys.cap.shift": "Shift",
  "keys.cap.space": "Espacio",
  "keys.cap.up": "flecha arriba",
  "keys.cap.down": "flecha abajo",
  "keys.cap.left": "flecha izquierda",
  "keys.cap.right": "flecha derecha",
};
