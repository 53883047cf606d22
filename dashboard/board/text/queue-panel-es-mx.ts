import type { Messages } from "./messages.ts";
import type { queuePanelEn } from "./queue-panel-en.ts";

/** Spanish texts about the panel of a queue. */
export const queuePanelEsMX: Pick<Messages, keyof typeof queuePanelEn> = {
  "queue.queued": { one: "{count} recibida", other: "{count} recibidas" },
  "queue.callbacks": { one: "{count} devolución de llamada", other: "{count} devoluciones de llamada" },
  "queue.gone": "Esta cola ya no existe, o ya no tienes permiso para verla.",
  "queue.waitingList": "Quién está en cola",
  "queue.rings": "timbra con {name}",
  "queue.ringsSomewhere": "timbra con un agente",
  "queue.callback": "devolución de llamada",
  "queue.firstOf": "Los {shown} de {count} que más llevan en cola.",
  "queue.loading": "Cargando quién está en cola…",
  "queue.refused.not_allowed": "No tienes permiso para ver quién está en esta cola. Habla con tu administrador.",
  "queue.refused.too_many_watched": "Hay demasiadas colas abiertas. Cierra una de ellas.",
  "queue.refused.timeout": "El servidor no envió quién está en cola. Abre la cola otra vez.",
  "queue.refused.polling":
    "Esta red no permite conexiones en vivo, así que el tablero no sabe quién está en cola. Pide a Sistemas que permita WebSocket.",
  "queue.refused.old_hub": "La versión de este servidor no dice quién está en cola.",
  "queue.refused.other": "El servidor no dice quién está en cola ({reason}).",
  "queue.staff": "Agentes",
  "queue.noStaff": "Ningún agente de esta cola está conectado.",
  "queue.staffMore": { one: "y {count} más", other: "y {count} más" },
  "queue.today": "Hoy",
  "queue.averageAnswer": "tiempo promedio de respuesta (ASA): {time}",
  "queue.longestWait": "espera máxima de hoy: {time}",
  "queue.estimatedWait": "espera estimada ahora: {time}",
  "queue.hours": "Últimas horas",
  "queue.noHours": "Nadie ha estado en esta cola en las últimas horas.",
  "queue.hour": "Desde",
  "queue.hoursQueued": "Recibidas",
  "queue.hoursAnswered": "Atendidas",
  "queue.hoursAbandoned": "Abandonos",
  "queue.hoursWithin": "Dentro de meta",
  "queue.most": { one: "máximo {count} en 15 min", other: "máximo {count} en 15 min" },
  "queue.refused.replay": "El historial no dice quién estaba en cola, solo cuántos.",
};
