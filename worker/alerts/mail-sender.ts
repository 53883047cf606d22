import type { MailBody } from "../../core/alerts/mail-body.ts";
import { maskedText, type ReceiverAnswer } from "./receiver-answer.ts";

/** Sends one e-mail. Cloudflare's `send_email` binding is one (developers.cloudflare.com/email-service, Workers API, 2026-06). */
export interface MailBinding {
  send(mail: { from: string; to: string[]; subject: string; text: string }): Promise<unknown>;
}

/**
 * Codes by which Cloudflare says that this very message will never go (the same page). The others are about quotas, senders and
 * recipients, which somebody may repair.
 */
const REFUSED: ReadonlySet<string> = new Set([
  "E_VALIDATION_ERROR",
  "E_FIELD_MISSING",
  "E_TOO_MANY_RECIPIENTS",
  "E_CONTENT_TOO_LARGE",
]);

/** Sends a message as an e-mail. @param mail null = the Worker has no binding */
export async function sendMail(
  mail: MailBinding | null,
  { from, to }: { readonly from: string; readonly to: readonly string[] },
  body: MailBody,
  timeoutMs: number,
): Promise<ReceiverAnswer> {
  if (mail === null) {
    const said = "This Worker cannot send e-mail. Set sendEmail of the stage in vigia.config.json and run npm run deploy:hub.";
    return { outcome: { failure: "unreachable" }, said };
  }
  let timer: ReturnType<typeof setTimeout> | null = null;
  const timeout = new Promise<"timeout">((resolve) => {
    timer = setTimeout(() => resolve("timeout"), timeoutMs);
  });
  try {
    const first = await Promise.race([mail.send({ from, to: [...to], ...body }), timeout]);
    return first === "timeout"
      ? { outcome: { failure: "timeout" }, said: "" }
      : { outcome: { status: 202, retryAfter: null }, said: "" };
  } catch (error) {
    const code = codeOf(error);
    const said = maskedText(code ?? (error instanceof Error ? error.message : ""));
    if (code !== null && REFUSED.has(code)) return { outcome: { status: 400, retryAfter: null }, said };
    return { outcome: { status: 503, retryAfter: null }, said };
  } finally {
    if (timer !== null) clearTimeout(timer);
  }
}

function codeOf(error: unknown): string | null {
  const code: unknown = typeof error === "object" && error !== null ? Reflect.get(error, "code") : null;
  return typeof code === "string" && /^E_[A-Z_]{1,60}$/.test(code) ? code : null;
}

/** Returns the binding of the Worker, or null if it has none. */
export function mailBindingOf(env: object): MailBinding | null {
  const binding: unknown = Reflect.get(env, "EMAIL");
  return isMailBinding(binding) ? binding : null;
}

function isMailBinding(binding: unknown): binding is MailBinding {
  return typeof binding === "object" && binding !== null && typeof Reflect.get(binding, "send") === "function";
}
