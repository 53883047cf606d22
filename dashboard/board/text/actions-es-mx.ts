import type { actionsEn } from "./actions-en.ts";
import type { Messages } from "./messages.ts";

/** Texts about what supervisors do from the board, in Mexican Spanish. */
export const actionsEsMX: Pick<Messages, keyof typeof actionsEn> = {
  "actions.title": "Acciones para {name}",
  "actions.open": "Ver al agente",
  "actions.listen": "Escuchar",
  "actions.barge": "Intervenir",
  "actions.status": "Cambiar estado",
  "actions.free": "Liberar al agente",
  "actions.stop": "Terminar el contacto",
  "actions.about": "{action} ({contact})",
  "actions.set": "Estado {status}",
  "actions.statusHint": "Estados que algún agente tiene ahora. Amazon Connect puede tener más.",
  "actions.obstacle.noContact": "No está en un contacto",
  "actions.obstacle.ringing": "Está timbrando. Espera a que el agente conteste.",
  "actions.obstacle.notAudible": "Las tareas y los correos no se pueden escuchar",
  "actions.obstacle.nothingToFree": "Nada detiene al agente",
  "actions.obstacle.noConnection": "No hay conexión con el servidor",

  "actions.confirm.barge": "¿Intervenir en el contacto de {name}?",
  "actions.confirm.bargeWhy":
    "Timbra tu panel de control. Acepta ahí el contacto y cambia a intervenir. Entonces te oyen el cliente y el agente.",
  "actions.confirm.stop": "¿Terminar el contacto de {name}?",
  "actions.confirm.stopWhy": "{contact} termina de inmediato, también para el cliente. No se puede deshacer.",
  "actions.confirm.free": "¿Liberar a {name}?",
  "actions.confirm.freeWhy":
    "{contact} ya terminó, pero todavía ocupa al agente. Amazon Connect lo quita y el agente puede recibir el siguiente contacto. También termina el trabajo posterior (ACW).",
  "actions.confirm.offline": "¿Poner a {name} en {status}?",
  "actions.confirm.offlineWhy":
    "El agente ya no recibe contactos. El contacto en curso sigue y después cambia el estado. El agente no sale de Amazon Connect.",

  "actions.notes": "Resultados de las acciones",
  "actions.note": "{action}, {name}",
  "actions.pending": "Esperando a Amazon Connect…",
  "actions.done.status": "Amazon Connect recibió el estado. El renglón cambia cuando cambia el agente.",
  "actions.done.statusNext": "Amazon Connect recibió el estado. Empieza después del contacto en curso.",
  "actions.done.free": "Amazon Connect quitó el contacto.",
  "actions.done.listen": "Timbra tu panel de control. Acepta ahí el contacto para escuchar.",
  "actions.done.barge": "Timbra tu panel de control. Acepta ahí el contacto y cambia a intervenir.",
  "actions.done.stop": "Amazon Connect termina el contacto.",
  "actions.dismiss": "Cerrar este mensaje",
  "actions.askAgain": "Preguntar otra vez",

  "actions.code.unknown": "No se sabe si se hizo. Revisa en Amazon Connect antes de repetir.",
  "actions.code.unanswered":
    "El servidor no respondió y no se sabe si se hizo. Pregunta otra vez: el servidor lo hace una sola vez.",
  "actions.code.contact_moved_on": "El contacto ya terminó o ya no está con este agente.",
  "actions.code.not_found": "Este agente ya no está en tu tablero.",
  "actions.code.agent_gone": "Amazon Connect ya no tiene a este agente.",
  "actions.code.not_allowed": "No tienes permiso para hacer esto. Habla con tu administrador.",
  "actions.code.unauthorized_reader": "Tu acceso terminó. Inicia sesión otra vez.",
  "actions.code.nothing_to_free": "Ya nada detiene al agente.",
  "actions.code.not_listenable": "Las tareas y los correos no se pueden escuchar.",
  "actions.code.supervisor_not_named": "Tu sesión no nombra a ningún usuario de Amazon Connect. Habla con tu administrador.",
  "actions.code.supervisor_unknown": "Amazon Connect no tiene un usuario con el nombre de tu sesión. Habla con tu administrador.",
  "actions.code.listen_refused":
    "No pudo timbrar. Abre tu panel de control e intenta de nuevo mientras un agente está en el contacto.",
  "actions.code.too_many_listeners": "Ya escuchan tantas personas como permite Amazon Connect. Intenta cuando una salga.",
  "actions.code.status_refused": "Amazon Connect no aceptó este estado para el agente ahora. Tal vez el agente ya salió.",
  "actions.code.status_unknown": "Amazon Connect ya no tiene un estado con este nombre.",
  "actions.code.free_refused": "Amazon Connect no pudo quitar el contacto. Tal vez ya terminó.",
  "actions.code.stop_refused":
    "Amazon Connect no puede terminar este contacto. El agente debe terminar las llamadas transferidas y las llamadas al exterior.",
  "actions.code.busy": "Amazon Connect está ocupado y esto no se hizo. Intenta en unos segundos.",
  "actions.code.too_many_requests":
    "Fueron demasiadas acciones en poco tiempo y esto no se hizo. Espera unos segundos e intenta de nuevo.",
  "actions.code.connect_unavailable": "Amazon Connect no respondió y esto no se hizo. Intenta de nuevo.",
  "actions.code.not_permitted": "Amazon Connect no permite esto. Habla con tu administrador.",
  "actions.code.not_configured": "Las acciones no están bien configuradas y esto no se hizo. Habla con tu administrador.",
  "actions.code.other": "Esto no se hizo ({code}). Habla con tu administrador.",
};
