import { Webhook } from "standardwebhooks";
import { describe, expect, test } from "vitest";
import { readAnswer } from "../../../core/alerts/delivery-answer.ts";
import { WallClock } from "../../../core/alerts/quiet-hours.ts";
import { MessageSender, type SenderSettings } from "../../../worker/alerts/message-sender.ts";
import { parseDeliveryTargets } from "../../../worker/alerts/target-settings.ts";
import { messagesTo, receiver } from "./received.ts";

const SECRET = "whsec_dGVzdC1zZWNyZXQtdGVzdC1zZWNyZXQtdGVzdC0wMQ==";
const OLD_SECRET = "whsec_b3RoZXItc2VjcmV0LW90aGVyLXNlY3JldC1vdGhlci0x";

function sender(settings: Partial<SenderSettings> = {}): MessageSender {
  return new MessageSender({
    instanceId: "i1",
    centerName: null,
    boardUrl: "https://board.example.com/?instance=i1",
    clock: new WallClock("UTC"),
    allowLoopback: true,
    mail: null,
    timeoutMs: 300,
    ...settings,
  });
}

function target(fields: object) {
  const parsed = parseDeliveryTargets(JSON.stringify({ t: fields }), true);
  const [only] = parsed.ok ? parsed.targets : [];
  if (only === undefined) throw new Error(parsed.ok ? "There is no target." : parsed.problem);
  return only;
}

async function answerOf(kind: string, settings: Partial<SenderSettings> = {}) {
  const { url, name } = receiver(kind);
  const answer = await sender(settings).sendTest("alr_0123456789abcdef", target({ kind: "slack", url }), Date.now());
  return { ...answer, means: readAnswer(answer.outcome, Date.now()), received: await messagesTo(name) };
}

describe("A message to a receiver", () => {
  test("SND-1 A 2xx is delivered, also 202 without a body and 200 whose body never ends.", async () => {
    for (const kind of ["ok", "accepted", "never-ends"]) {
      const { means, received } = await answerOf(kind);
      expect(means, kind).toEqual({ type: "delivered" });
      expect(received).toHaveLength(1);
    }
  });

  test("SND-1 A refusal comes with what the receiver said, without addresses, keys and numbers.", async () => {
    expect(await answerOf("missing")).toMatchObject({ said: "no_service", means: { type: "refused", reason: "not_found" } });
    expect(await answerOf("gone")).toMatchObject({ said: "channel_is_archived", means: { type: "refused", reason: "gone" } });
    const { said } = await answerOf("invalid");
    expect(said).toContain("invalid_payload");
    expect(said).not.toMatch(/s3cr3t|sig=|5678|r\d+-/);
    expect((await answerOf("broken")).said).toBe("Internal error …");
  });

  test("SND-1 A redirect is not followed, and ends the message.", async () => {
    const { outcome, means } = await answerOf("redirect");
    expect(outcome).toMatchObject({ status: 302 });
    expect(means).toEqual({ type: "refused", reason: "redirect" });
  });

  test("SND-1 The wish of a busy receiver is understood.", async () => {
    expect(await answerOf("limited")).toMatchObject({ means: { type: "later", retryAfterMs: 30_000 }, said: "rate_limited" });
  });

  test("SND-1 A receiver that hangs, or breaks the connection, is tried later.", async () => {
    expect((await answerOf("hang")).outcome).toEqual({ failure: "timeout" });
    expect((await answerOf("drop")).outcome).toEqual({ failure: "unreachable" });
    expect((await answerOf("slow", { timeoutMs: 3_000 })).means).toEqual({ type: "delivered" });
  });

  test("SND-1 Nothing is sent to this machine when the Worker is not in local mode.", async () => {
    const { means, received } = await answerOf("ok", { allowLoopback: false });
    expect(means).toEqual({ type: "later", retryAfterMs: null });
    expect(received).toEqual([]);
  });

  test("SND-2 The public library of Standard Webhooks accepts the signature of an own webhook, with either secret.", async () => {
    const { url, name } = receiver("ok");
    const hook = target({ kind: "webhook", url, secret: `${SECRET} ${OLD_SECRET}` });
    await sender().sendTest("alr_0123456789abcdef", hook, Date.now());
    const [message] = await messagesTo(name);
    for (const secret of [SECRET, OLD_SECRET]) {
      expect(new Webhook(secret).verify(message?.body ?? "", message?.headers ?? {})).toMatchObject({ type: "alert.test" });
    }
    expect(message?.headers).toMatchObject({ "webhook-id": "alr_0123456789abcdef", "content-type": "application/json" });
  });

  test("SND-3 An e-mail goes through the binding of the Worker, with the link to the board.", async () => {
    const sent: unknown[] = [];
    const mail = { send: async (message: unknown) => void sent.push(message) };
    const to = target({ kind: "email", from: "vigia@example.com", to: ["ana@example.com"], language: "es" });
    expect(await sender({ mail }).sendTest("m", to, Date.now())).toEqual({
      outcome: { status: 202, retryAfter: null },
      said: "",
    });
    expect(sent).toEqual([
      {
        from: "vigia@example.com",
        to: ["ana@example.com"],
        subject: "Alerta de prueba de Vigía. No pasó nada.",
        text: "Alerta de prueba de Vigía. No pasó nada.\n\nAbrir el tablero: https://board.example.com/?instance=i1",
      },
    ]);
  });

  test("SND-3 An error of the e-mail service tells what to repair, and only a wrong message ends it.", async () => {
    const to = target({ kind: "email", from: "vigia@example.com", to: ["ana@example.com"] });
    const failing = (code: string) => ({ send: () => Promise.reject(Object.assign(new Error("for ana@example.com"), { code })) });
    const means = async (code: string) =>
      readAnswer((await sender({ mail: failing(code) }).sendTest("m", to, 0)).outcome, 0).type;
    expect(await means("E_DAILY_LIMIT_EXCEEDED")).toBe("later");
    expect(await means("E_SENDER_NOT_VERIFIED")).toBe("later");
    expect(await means("E_CONTENT_TOO_LARGE")).toBe("refused");
    expect((await sender({ mail: failing("E_SENDER_NOT_VERIFIED") }).sendTest("m", to, 0)).said).toBe("E_SENDER_NOT_VERIFIED");
    expect((await sender({ mail: failing("x") }).sendTest("m", to, 0)).said).toBe("for …");
    const hanging = { send: () => new Promise(() => {}) };
    expect((await sender({ mail: hanging }).sendTest("m", to, 0)).outcome).toEqual({ failure: "timeout" });
    expect((await sender().sendTest("m", to, 0)).said).toContain("sendEmail");
  });
});
