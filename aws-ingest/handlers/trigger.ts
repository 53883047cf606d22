import { chooseLanguage } from "../call/languages.ts";
import type { TranscriberJob } from "../call/transcriber-job.ts";
import { startFunction } from "../clients/lambda.ts";
import { type FlowContact, parseFlowEvent } from "../connect/contact-flow-event.ts";
import { createLog } from "../runtime/log.ts";
import { readTriggerSettings, type TriggerSettings } from "../runtime/settings.ts";

/**
 * The contact flow's Lambda block. It answers a flat map of strings made of letters, digits, dash and underscore only (the
 * block's STRING_MAP validation) and never fails: a monitoring fault must not send a caller down the flow's error branch.
 *
 * Amazon Connect runs it again when an answer is lost, up to three times. Nothing is stored to notice that: a second
 * transcriber of the same contact opens its Transcribe session under the same id, which ends the first one's, which then
 * stops quietly. Both post the same turn ids and times, so the hub keeps one of each.
 */
export type FlowAnswer = { result: "started" | "skipped" | "failed"; contactId: string; reason?: string };

export async function handler(event: unknown): Promise<FlowAnswer> {
  const log = createLog("trigger");
  const parsed = parseFlowEvent(event);
  if (!parsed.ok) {
    log.warn("The contact-flow event is not what Amazon Connect sends.", { path: parsed.path });
    return { result: "failed", contactId: "unknown", reason: "bad_event" };
  }
  const contactId = parsed.contact.contactId;
  try {
    const decision = decide(parsed.contact, readTriggerSettings(process.env));
    if ("reason" in decision) {
      log.info("Not transcribed.", { contactId, reason: decision.reason });
      return { ...decision, contactId: wordOf(contactId) };
    }
    await startFunction(decision.transcriberFunction, decision.job);
    log.info("Transcription started.", { contactId, language: decision.job.language.languageCode });
    return { result: "started", contactId: wordOf(contactId) };
  } catch (error) {
    const name = error instanceof Error ? error.name : "unknown";
    log.error("The transcription could not be started.", {
      contactId,
      error: name,
      ...(name === "ConfigError" && { cause: String(error) }),
    });
    return {
      result: "failed",
      contactId: wordOf(contactId),
      reason: name === "ConfigError" ? "configuration" : "transcriber_not_started",
    };
  }
}

type Decision = { transcriberFunction: string; job: TranscriberJob } | { result: "skipped" | "failed"; reason: string };

/** Whether and how to transcribe a contact. Pure. */
export function decide(contact: FlowContact, settings: TriggerSettings): Decision {
  if (contact.instanceId !== settings.instanceId) return { result: "failed", reason: "foreign_instance" };
  if (contact.channel.toUpperCase() !== "VOICE") return { result: "skipped", reason: "channel_not_voice" };
  if (contact.attributes["transcribeCall"] !== "true") return { result: "skipped", reason: "transcribeCall_not_true" };
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
      record: contact.attributes["saveCallRecording"] === "true",
      state: null,
    },
  };
}

/** A flow's map takes letters, digits, dash and underscore. */
function wordOf(value: string): string {
  return value.replaceAll(/[^\w-]/g, "_");
}
