import type { AlertNote } from "../../core/alerts/alert-note.ts";
import { mailBody } from "../../core/alerts/mail-body.ts";
import { type MessageText, messageText, testText } from "../../core/alerts/message-text.ts";
import type { OutboxMessage } from "../../core/alerts/outbox-lane.ts";
import type { WallClock } from "../../core/alerts/quiet-hours.ts";
import { slackBody } from "../../core/alerts/slack-body.ts";
import { teamsBody } from "../../core/alerts/teams-body.ts";
import { webhookBody } from "../../core/alerts/webhook-body.ts";
import { importSecrets, sign } from "../../protocol/signature.ts";
import { type MailBinding, sendMail } from "./mail-sender.ts";
import { addressProblem } from "./receiver-address.ts";
import { maskedText, type ReceiverAnswer, readBeginning } from "./receiver-answer.ts";
import type { DeliveryTarget, Receiver } from "./target-settings.ts";

/** A receiver that takes longer is tried again later. The object is awake, and paid for, as long as it waits. */
const TIMEOUT_MS = 5_000;

/** What messages of one contact center have in common. */
export interface SenderSettings {
  readonly instanceId: string;
  /** What people call the contact center; null = it has no name. */
  readonly centerName: string | null;
  /** Where the link leads; null = messages have none. */
  readonly boardUrl: string | null;
  readonly clock: WallClock;
  /** Also allows http to this machine. */
  readonly allowLoopback: boolean;
  /** null = the Worker has no binding for e-mail. */
  readonly mail: MailBinding | null;
  /** Default: {@link TIMEOUT_MS}. */
  readonly timeoutMs?: number;
}

interface Outgoing {
  readonly messageId: string;
  readonly createdAt: number;
  readonly notes: readonly AlertNote[];
  readonly text: MessageText;
}

/** Sends messages to receivers. It decides nothing: the outbox does that with the answer. */
export class MessageSender {
  readonly #settings: SenderSettings;

  constructor(settings: SenderSettings) {
    this.#settings = settings;
  }

  /** Makes one attempt. It never throws: no answer is an outcome too. */
  send(message: OutboxMessage, target: DeliveryTarget): Promise<ReceiverAnswer> {
    return this.#send(
      { ...message, text: messageText(message, target, this.#settings.clock, this.#settings.centerName) },
      target,
    );
  }

  /** Sends a test message. @param messageId a fresh one */
  sendTest(messageId: string, target: DeliveryTarget, now: number): Promise<ReceiverAnswer> {
    return this.#send(
      { messageId, createdAt: now, notes: [], text: testText(target.language, this.#settings.centerName) },
      target,
    );
  }

  async #send(outgoing: Outgoing, target: DeliveryTarget): Promise<ReceiverAnswer> {
    const { receiver } = target;
    const { boardUrl, mail } = this.#settings;
    if (receiver.kind === "email") return sendMail(mail, receiver, mailBody(outgoing.text, boardUrl), this.#timeoutMs);
    // The settings were checked when they were read. This holds also for an object that an older version has restored.
    if (addressProblem(receiver.url, this.#settings.allowLoopback) !== null) {
      return { outcome: { failure: "unreachable" }, said: "The hub sends nothing to this address." };
    }
    const body = JSON.stringify(this.#bodyFor(receiver, outgoing, target));
    return post(receiver.url, await headersFor(receiver, outgoing.messageId, body), body, this.#timeoutMs);
  }

  get #timeoutMs(): number {
    return this.#settings.timeoutMs ?? TIMEOUT_MS;
  }

  #bodyFor({ kind }: Receiver, { text, createdAt, notes }: Outgoing, { withNames }: DeliveryTarget): object {
    const { instanceId, centerName, boardUrl } = this.#settings;
    if (kind === "slack") return slackBody(text, boardUrl);
    if (kind === "teams") return teamsBody(text, boardUrl);
    return webhookBody(text, { instanceId, centerName, createdAt, notes, withNames, boardUrl });
  }
}

async function headersFor(receiver: Receiver, messageId: string, body: string): Promise<Record<string, string>> {
  const common = { "Content-Type": "application/json", "User-Agent": "vigia" };
  if (receiver.kind !== "webhook") return common;
  const keys = await importSecrets(receiver.secret);
  // The time is that of the attempt, and the id that of the message.
  return { ...common, ...(await sign(keys, messageId, Math.floor(Date.now() / 1000), body)) };
}

async function post(url: string, headers: Record<string, string>, body: string, timeoutMs: number): Promise<ReceiverAnswer> {
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(url, { method: "POST", headers, body, redirect: "manual", signal });
    const { status } = response;
    const outcome = { status, retryAfter: response.headers.get("Retry-After") };
    // The status decides. A body that never ends changes nothing about it.
    const said = await readBeginning(response).catch(() => "");
    return { outcome, said: maskedText(said) };
  } catch {
    // The error may quote the address.
    return { outcome: { failure: signal.aborted ? "timeout" : "unreachable" }, said: "" };
  }
}
