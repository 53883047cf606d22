import { readAnswer } from "../../core/alerts/delivery-answer.ts";
import type { AlertTestAnswer } from "../../protocol/answers.ts";
import type { ReceiverAnswer } from "./receiver-answer.ts";
import type { DeliveryTarget } from "./target-settings.ts";

/** Tells an admin what became of a test message. */
export function testAnswer({ id, receiver }: DeliveryTarget, { outcome, said }: ReceiverAnswer, now: number): AlertTestAnswer {
  const status = "status" in outcome ? outcome.status : null;
  const delivered = readAnswer(outcome, now).type === "delivered";
  const sentences = [
    sentenceAbout(outcome),
    said === "" ? "" : `It said: ${said}${/[.!?…]$/.test(said) ? "" : "."}`,
    delivered ? adviceFor(receiver.kind) : "",
  ];
  return { target: id, delivered, status, said, message: sentences.filter((sentence) => sentence !== "").join(" ") };
}

function sentenceAbout(outcome: ReceiverAnswer["outcome"]): string {
  if ("failure" in outcome) {
    return outcome.failure === "timeout"
      ? "The receiver did not answer in time. The hub waits 5 s."
      : "The receiver could not be reached. Check the address of the target.";
  }
  const { status } = outcome;
  if (status >= 200 && status < 300) return `The receiver took the message (${status}).`;
  if (status >= 300 && status < 400)
    return `The receiver answered ${status}. The hub follows no redirect: give the target its last address.`;
  if (status === 404 || status === 410)
    return `The receiver answered ${status}: this address is gone. Make a new one, and set the target anew.`;
  if (status === 429) return "The receiver answered 429: it gets too many messages. Try again later.";
  return `The receiver answered ${status} and did not take the message.`;
}

function adviceFor(kind: DeliveryTarget["receiver"]["kind"]): string {
  if (kind === "teams") return "The workflow may still fail: look whether the message is in the channel.";
  return kind === "email" ? "Look whether it is in the mailbox, or in its spam folder." : "";
}
