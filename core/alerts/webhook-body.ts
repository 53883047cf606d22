import type { AlertNote } from "./alert-note.ts";
import { type MessageText, withoutNumbers } from "./message-text.ts";

/** One alert as a program reads it. Its fields are those of the alert on the board (`protocol/alert.ts`). */
interface WebhookAlert {
  readonly alertId: string;
  readonly event: AlertNote["event"];
  /** When it happened, epoch ms. */
  readonly at: number;
  readonly rule: string;
  readonly severity: AlertNote["severity"];
  readonly watch: string;
  readonly about: AlertNote["about"];
  /** null = nobody gave one, or the target gets no names. */
  readonly name: string | null;
  readonly value: number;
  readonly limit: number;
}

/** The body of an own webhook, in the form that Standard Webhooks recommends. */
export interface WebhookBody {
  readonly type: "alert.fired" | "alert.critical" | "alert.resolved" | "alert.digest" | "alert.test";
  /** When the message was made, ISO 8601. It is the same for every attempt. */
  readonly timestamp: string;
  readonly data: {
    readonly instanceId: string;
    /** The name of the contact center; null = it has none. */
    readonly centerName: string | null;
    readonly subject: string;
    readonly lines: readonly string[];
    readonly boardUrl: string | null;
    readonly alerts: readonly WebhookAlert[];
  };
}

/** What a message for an own webhook is made of. Without notes it is a test. */
export interface WebhookContent {
  readonly instanceId: string;
  readonly centerName: string | null;
  readonly createdAt: number;
  readonly notes: readonly AlertNote[];
  readonly withNames: boolean;
  readonly boardUrl: string | null;
}

/** Writes a message for an own webhook: the words for people, and all alerts as data. */
export function webhookBody({ subject, lines }: MessageText, content: WebhookContent): WebhookBody {
  const { instanceId, centerName, createdAt, notes, withNames, boardUrl } = content;
  const [first] = notes;
  const single = first === undefined ? ("alert.test" as const) : (`alert.${first.event}` as const);
  return {
    type: notes.length > 1 ? "alert.digest" : single,
    timestamp: new Date(createdAt).toISOString(),
    data: { instanceId, centerName, subject, lines, boardUrl, alerts: notes.map((note) => alertOf(note, withNames)) },
  };
}

function alertOf(note: AlertNote, withNames: boolean): WebhookAlert {
  const { alertId, event, at, rule, severity, watch, about, subjectName, value, limit } = note;
  // The name of a queue is no person's.
  const name = subjectName !== null && (about === "queue" || withNames) ? withoutNumbers(subjectName) : null;
  return { alertId, event, at, rule, severity, watch, about, name, value, limit };
}
