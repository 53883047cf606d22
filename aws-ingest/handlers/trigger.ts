import { chooseLanguage } from "../call/languages.ts";
import type { TranscriberJob } from "../call/transcriber-job.ts";
import { startFunction } from "../clients/lambda.ts";
import { readCallWishes } from "../connect/call-wishes.ts";
import { type FlowContact, parseFlowEvent } from "../connect/contact-flow-event.ts";
import { postTranscription } from "../delivery/transcription-news.ts";
import { createLog } from "../runtime/log.ts";
import { readTriggerSettings, type TriggerSettings } from "../runtime/settings.ts";

/** The caller hears silence while the trigger waits, so it answers within this time. */
const ANSWER_WITHIN_MS = 2000;
/** The longest wait for the hub. A new container has to read the secret first. */
const HUB_WITHIN_MS = 1500;
/** These calls have no sound to listen to, or belong to another hub. The board says nothing of them. */
const NOT_ABOUT_LISTENING: ReadonlySet<string> = new Set(["channel_not_voice", "foreign_instance"]);

/** A flat map of strings, because the flow's Lambda block validates the answer as STRING_MAP. */
export type FlowAnswer = { result: "started" | "skipped" | "failed"; contactId: string; reason?: string };

/**
 * Answers the Lambda block of a contact flow, and starts the transcriber for the call. It never throws, because a fault of the
 * monitoring must not send a caller down the error branch of the flow.
 *
 * Amazon Connect runs it again, up to three times, when an answer is lost. No stored state prevents a second transcriber of the
 * same contact. The second one opens a Transcribe session with the same id, and Transcribe ends the first session for that.
 * Both post the same turn ids and times, so the hub keeps one of each.
 */
export async function handler(event: unknown): Promise<FlowAnswer> {
  const log = createLog("trigger");
  const answerBy = Date.now() + ANSWER_WITHIN_MS;
  const parsed = parseFlowEvent(event);
  if (!parsed.ok) {
    log.warn("The contact-flow event is not what Amazon Connect documents. The call is not transcribed.", { path: parsed.path });
    return { result: "failed", contactId: "unknown", reason: "bad_event" };
  }
  const contactId = parsed.contact.contactId;
  const tellHub = (state: "live" | "failed" | "off") =>
    postTranscription(parsed.contact, state, Math.min(HUB_WITHIN_MS, answerBy - Date.now()), log);
  try {
    const { unreadable } = readCallWishes(parsed.contact.attributes);
    if (unreadable.length > 0) {
      const attributes = unreadable.join(" ");
      log.warn("A contact attribute is neither true nor false, so it permits nothing. Correct the flow.", {
        contactId,
        attributes,
      });
    }
    const decision = decide(parsed.contact, readTriggerSettings(process.env));
    if ("reason" in decision) {
      log.info("The call is not transcribed.", { contactId, reason: decision.reason });
      if (!NOT_ABOUT_LISTENING.has(decision.reason)) await tellHub("off");
      return { ...decision, contactId: toStringMapWord(contactId) };
    }
    // The hub shows the call as lost when the transcriber has to wait for a free place, and says nothing itself.
    await Promise.all([startFunction(decision.transcriberFunction, decision.job), tellHub("live")]);
    log.info("The transcription of a call is started.", { contactId, language: decision.job.language.languageCode });
    return { result: "started", contactId: toStringMapWord(contactId) };
  } catch (error) {
    const name = error instanceof Error ? error.name : "unknown";
    log.error("The transcriber could not be started, so the call is not transcribed.", {
      contactId,
      error: name,
      ...(name === "ConfigError" && { cause: String(error) }),
    });
    await tellHub("failed");
    return {
      result: "failed",
      contactId: toStringMapWord(contactId),
      reason: name === "ConfigError" ? "configuration" : "transcriber_not_started",
    };
  }
}

type Decision = { transcriberFunction: string; job: TranscriberJob } | { result: "skipped" | "failed"; reason: string };

/** Decides whether and how to transcribe a contact. */
export function decide(contact: FlowContact, settings: TriggerSettings): Decision {
  if (contact.instanceId !== settings.instanceId) return { result: "failed", reason: "foreign_instance" };
  if (contact.channel.toUpperCase() !== "VOICE") return { result: "skipped", reason: "channel_not_voice" };
  const wishes = readCallWishes(contact.attributes);
  if (!wishes.transcribe) return { result: "skipped", reason: "transcribeCall_not_true" };
  if (!wishes.sides.customer && !wishes.sides.agent) return { result: "skipped", reason: "both_sides_off" };
  if (contact.media === null) return { result: "skipped", reason: "no_media_stream" };
  const language = chooseLanguage(contact.language, settings);
  if (!language.ok) return { result: "skipped", reason: language.reason };
  return {
    transcriberFunction: settings.transcriberFunction,
    job: {
      contactId: contact.contactId,
      initialContactId: contact.initialContactId,
      streamArn: contact.media.streamArn,
      startTimestamp: contact.media.startTimestamp,
      startFragment: contact.media.startFragment,
      language: { ...language.plan, identify: [...language.plan.identify] },
      record: wishes.record,
      ...(!(wishes.sides.customer && wishes.sides.agent) && { sides: wishes.sides }),
      state: null,
    },
  };
}

/** Replaces all characters that STRING_MAP does not allow: it takes letters, digits, dash and underscore. */
function toStringMapWord(value: string): string {
  return value.replaceAll(/[^\w-]/g, "_");
}
