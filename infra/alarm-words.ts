import type { FunctionName } from "./node-function.ts";

export type QueueName = "undelivered" | "failed";

/** The chapters of the runbook, by their anchors in `docs/operate.md`. */
export type Chapter =
  | "a-call-is-incomplete"
  | "a-call-outlives-its-process"
  | "a-function-fails"
  | "actions-are-refused"
  | "calls-are-not-transcribed"
  | "dead-letters"
  | "posts-are-refused"
  | "records-are-refused"
  | "the-board-lags"
  | "the-house-is-full";

/**
 * The words of alarms in one language. Plain data and functions, so that a second language lacks none. Each says what happened, as a
 * sentence without its full stop.
 */
export interface AlarmWords {
  failed: (name: FunctionName) => string;
  throttled: (name: FunctionName) => string;
  updatesRefused: (name: FunctionName) => string;
  recordsRefused: (name: FunctionName) => string;
  behind: (name: FunctionName) => string;
  deadLetters: Readonly<Record<QueueName, string>>;
  transcriberBehind: string;
  checkpointsFailed: string;
  callsWaiting: string;
  callsWithoutTurn: string;
  actionsRefused: string;
  callsIncomplete: string;
  /** Stands before the link to the chapter. */
  whatToDo: string;
  /** The file of the runbook in the folder docs. */
  runbook: string;
  /** Chapter -> its anchor in the runbook of this language. */
  anchors: Readonly<Record<Chapter, string>>;
}

const ENGLISH: AlarmWords = {
  failed: (name) => `The function ${name} failed`,
  throttled: (name) => `Lambda did not start the function ${name}, because too many invocations ran at once`,
  updatesRefused: (name) => `The hub refused updates of the function ${name}`,
  recordsRefused: (name) =>
    `The function ${name} received a record that is broken, or of a type or version that it does not know`,
  behind: (name) => `The function ${name} reads its stream more than a minute late`,
  deadLetters: {
    undelivered: "The hub refused updates, and they wait in the queue undelivered",
    failed: "No function handled an event, and a note about it is in the queue failed",
  },
  transcriberBehind: "The transcriber reads the audio of calls more than a minute late",
  checkpointsFailed: "The state of a running call was not stored, so a crash would cost more of the call",
  callsWaiting: "A new call found all places of the transcription taken, and begins late",
  callsWithoutTurn: "A call ended without one transcribed sentence",
  actionsRefused: "Somebody sent an order that is forged, old, repeated, or of an action that is off",
  callsIncomplete: "A part of a call is missing, so its score is not the score of the whole call",
  whatToDo: "What to do",
  runbook: "operate.md",
  anchors: {
    "a-call-is-incomplete": "a-call-is-incomplete",
    "a-call-outlives-its-process": "a-call-outlives-its-process",
    "a-function-fails": "a-function-fails",
    "actions-are-refused": "actions-are-refused",
    "calls-are-not-transcribed": "calls-are-not-transcribed",
    "dead-letters": "dead-letters",
    "posts-are-refused": "posts-are-refused",
    "records-are-refused": "records-are-refused",
    "the-board-lags": "the-board-lags",
    "the-house-is-full": "the-house-is-full",
  },
};

const SPANISH: AlarmWords = {
  failed: (name) => `La función ${name} falló`,
  throttled: (name) => `Lambda no inició la función ${name}, porque había demasiadas ejecuciones a la vez`,
  updatesRefused: (name) => `El servidor rechazó actualizaciones de la función ${name}`,
  recordsRefused: (name) => `La función ${name} recibió un registro dañado, o de un tipo o una versión que no conoce`,
  behind: (name) => `La función ${name} lee su stream con más de un minuto de retraso`,
  deadLetters: {
    undelivered: "El servidor rechazó actualizaciones, y esperan en la cola undelivered",
    failed: "Ninguna función atendió un evento, y hay una nota sobre él en la cola failed",
  },
  transcriberBehind: "El transcriptor lee el audio de las llamadas con más de un minuto de retraso",
  checkpointsFailed: "No se guardó el estado de una llamada en curso, así que una caída costaría más de la llamada",
  callsWaiting: "Una llamada nueva encontró ocupados todos los lugares de la transcripción y empieza tarde",
  callsWithoutTurn: "Una llamada terminó sin una sola frase transcrita",
  actionsRefused: "Alguien envió una orden falsificada, vieja, repetida o de una acción que está desactivada",
  callsIncomplete: "Falta una parte de una llamada, así que su calificación no es la de toda la llamada",
  whatToDo: "Qué hacer",
  runbook: "operate.es.md",
  anchors: {
    "a-call-is-incomplete": "una-llamada-está-incompleta",
    "a-call-outlives-its-process": "una-llamada-sobrevive-a-su-proceso",
    "a-function-fails": "una-función-falla",
    "actions-are-refused": "se-rechazan-acciones",
    "calls-are-not-transcribed": "las-llamadas-no-se-transcriben",
    "dead-letters": "mensajes-apartados",
    "posts-are-refused": "se-rechazan-envíos",
    "records-are-refused": "se-rechazan-registros",
    "the-board-lags": "el-tablero-se-atrasa",
    "the-house-is-full": "el-cupo-está-lleno",
  },
};

export const ALARM_WORDS: Readonly<Record<"en" | "es", AlarmWords>> = { en: ENGLISH, es: SPANISH };
