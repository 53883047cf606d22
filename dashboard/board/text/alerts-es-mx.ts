import type { alertsEn } from "./alerts-en.ts";
import type { Messages } from "./messages.ts";

/** The Spanish texts about alerts and their rules. */
export const alertsEsMX: Pick<Messages, keyof typeof alertsEn> = {
  "alertLevel.warn": "Advertencia",
  "alertLevel.critical": "Crítica",
  "alert.status": "{status}: más de {limit}",
  "alert.anyStatus": "En un estado",
  "alert.error": "Agente en error",
  "alert.missedInRow": { one: "Contacto no contestado", other: "{count} no contestadas seguidas" },
  "alert.agentSilence": "Sin datos desde hace {limit}",
  "alert.angry": "Enojado ahora, {score}",
  "alert.unhappy": "Molesto ahora, {score}",
  "alert.angryNow": "enojado ahora",
  "alert.unhappyNow": "molesto ahora",
  "alert.acw": "Trabajo posterior",
  "alert.sentimentFall": "Cayó {points} puntos",
  "alert.joined": "{one}, {other}",
  "alert.contactTime": "Contacto: más de {limit}",
  "alert.transcriptionLost": "Sin transcripción",
  "alert.answerWait": "El cliente espera respuesta: más de {limit}",
  "alert.queueWaiting": { one: "{count} en cola", other: "{count} en cola" },
  "alert.queueOldest": "Mayor espera: más de {limit}",
  "alert.queueServiceLevel": "Nivel de servicio {share}",
  "alert.queueUnattended": "Nadie disponible desde hace {limit}",
  "alert.feedSilence": "Sin datos de Amazon Connect desde hace {limit}",
  "alert.unknown": "Regla {rule}",
  "alerts.acknowledged": "Con acuse",
  "alerts.announce": { one: "{count} alerta nueva", other: "{count} alertas nuevas" },
  "alerts.center": "Centro de contacto",
  "alerts.queue": "Cola {id}",
};
