import type { AgentStatus } from "../../protocol/agent.ts";
import type { Watch } from "../../protocol/alert-rules.ts";
import type { AlertNote } from "./alert-note.ts";

/** The words of messages in one language. Plain data, so that a second language lacks none. */
export interface MessageWords {
  readonly warning: string;
  readonly critical: string;
  readonly resolved: string;
  /** Stands for a subject whose name is not sent. */
  readonly subjects: Readonly<Record<AlertNote["about"], string>>;
  readonly limit: string;
  /** After the number of further lines. */
  readonly more: string;
  /** After the number of alerts. */
  readonly alerts: string;
  readonly test: string;
  /** The text of the link. */
  readonly openBoard: string;
  readonly deletedRule: string;
  readonly watches: Readonly<Record<Watch, string>>;
  readonly statuses: Readonly<Record<AgentStatus, string>>;
}

const EN: MessageWords = {
  warning: "Warning",
  critical: "Critical",
  resolved: "Resolved",
  subjects: { agent: "An agent", contact: "A contact", queue: "A queue", hub: "Vigía" },
  limit: "limit",
  more: "more",
  alerts: "alerts",
  test: "Test message from Vigía. Nothing happened.",
  openBoard: "Open the board",
  deletedRule: "The rule was deleted",
  watches: {
    statusTime: "too long in this status",
    missedInRow: "contacts missed in a row",
    agentSilence: "no recent data",
    sentimentRecent: "customer's sentiment is low",
    sentimentFall: "customer's sentiment has fallen",
    contactTime: "long contact",
    transcriptionLost: "transcription lost",
    answerWait: "customer waits for an answer in the chat",
    queueWaiting: "contacts waiting",
    queueOldest: "longest wait",
    queueServiceLevel: "service level",
    queueUnattended: "contacts wait and nobody is available",
    feedSilence: "no data from Amazon Connect",
  },
  statuses: {
    available: "available",
    ringing: "ringing",
    "on a call": "on a call",
    "on a contact": "on a contact",
    "on hold": "on hold",
    "after call work": "after-contact work",
    missed: "missed",
    error: "error",
    offline: "offline",
    away: "away",
  },
};

const ES: MessageWords = {
  warning: "Advertencia",
  critical: "Crítica",
  resolved: "Resuelta",
  subjects: { agent: "Agente", contact: "Contacto", queue: "Cola", hub: "Vigía" },
  limit: "umbral",
  more: "más",
  alerts: "alertas",
  test: "Alerta de prueba de Vigía. No pasó nada.",
  openBoard: "Abrir el tablero",
  deletedRule: "Se eliminó la regla",
  watches: {
    statusTime: "demasiado tiempo en este estado",
    missedInRow: "contactos no contestados seguidos",
    agentSilence: "sin datos recientes",
    sentimentRecent: "sentimiento bajo del cliente",
    sentimentFall: "cayó el sentimiento del cliente",
    contactTime: "contacto largo",
    transcriptionLost: "sin transcripción",
    answerWait: "el cliente espera respuesta en el chat",
    queueWaiting: "contactos en cola",
    queueOldest: "mayor espera",
    queueServiceLevel: "nivel de servicio",
    queueUnattended: "contactos en cola y nadie disponible",
    feedSilence: "sin datos de Amazon Connect",
  },
  statuses: {
    available: "disponible",
    ringing: "timbrando",
    "on a call": "en llamada",
    "on a contact": "en contacto",
    "on hold": "en espera",
    "after call work": "trabajo posterior (ACW)",
    missed: "no contestó",
    error: "error",
    offline: "fuera de línea",
    away: "ausente",
  },
};

export const MESSAGE_WORDS: Readonly<Record<"en" | "es", MessageWords>> = { en: EN, es: ES };
