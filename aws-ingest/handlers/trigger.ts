import { setTimeout as sleep } from "node:timers/promises";
import { isFull } from "../call/call-places.ts";
import { chooseLanguage } from "../call/languages.ts";
import type { TranscriberJob } from "../call/transcriber-job.ts";
import { startFunction } from "../clients/lambda.ts";
import { openPlaces } from "../clients/places.ts";
import { readCallWishes } from "../connect/call-wishes.ts";
import { type FlowContact, parseFlowEvent } from "../connect/contact-flow-event.ts";
import { postTranscription } from "../delivery/transcription-news.ts";
import { createLog, type Log } from "../runtime/log.ts";
import { readTriggerSettings, type TriggerSettings } from "../runtime/settings.ts";

/** The caller hears silence while the trigger waits, so it answers within two seconds. The rest is for the way back. */
const ANSWER_WITHIN_MS = 1950;
/** The longest wait for the hub. A new container has to read the secret first. */
const HUB_WITHIN_MS = 1500;
/** The longest wait for the list of places. S3 usually answers within 100 ms. */
const LOOK_WITHIN_MS = 500;
/** These calls have no sound to listen to, or belong to another hub. The board says nothing of them. */
const NOT_ABOUT_LISTENING: ReadonlySet<string> = new Set(["channel_not_voice", "foreign_instance"]);

/**
 * A flat map of strings, because the flow's Lambda block validates the answer as STRING_MAP. `queued`: all places are taken. The
 * call is transcribed later, from its first word.
 */
export type FlowAnswer = { result: "started" | "queued" | "skipped" | "failed"; contactId: string; reason?: string };

/**
 * Answers the Lambda block of a contact flow, and starts the transcriber for the call. It never throws, because a fault of the
 * monitoring must not send a caller down the error branch of the flow.
 *
 * Amazon Connect runs it again, up to three times, when an answer is lost. A second transcriber of the same contact sees the
 * checkpoint of the first one and leaves.
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
  const tellHub = (state: "live" | "failed" | "off" | "waiting") =>
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
    const settings = readTriggerSettings(process.env);
    const decision = decide(parsed.contact, settings);
    if ("reason" in decision) {
      log.info("The call is not transcribed.", { contactId, reason: decision.reason });
      if (!NOT_ABOUT_LISTENING.has(decision.reason)) await tellHub("off");
      return { ...decision, contactId: toStringMapWord(contactId) };
    }
    const looking = noPlaceIsFree(settings, log);
    const telling = looking.then((full) => tellHub(full ? "waiting" : "live"));
    const [full] = await Promise.all([looking, startFunction(decision.transcriberFunction, decision.job), telling]);
    const language = decision.job.language.languageCode;
    if (full) log.warn("All places are taken. The transcription of a call begins when one is free.", { contactId, language });
    else log.info("The transcription of a call is started.", { contactId, language });
    return { result: full ? "queued" : "started", contactId: toStringMapWord(contactId) };
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

/** Looks whether a new call has to wait. A store that is slow or away says nothing: the transcriber looks again. */
async function noPlaceIsFree({ checkpointsBucket, instanceId, maxCalls }: TriggerSettings, log: Log): Promise<boolean> {
  if (checkpointsBucket === null || maxCalls === null) return false;
  const places = openPlaces(checkpointsBucket, instanceId, LOOK_WITHIN_MS);
  try {
    return await Promise.race([isFull(places, maxCalls), sleep(LOOK_WITHIN_MS, false, { ref: false })]);
  } catch (error) {
    log.warn("The places of calls could not be read.", { error: error instanceof Error ? error.name : "unknown" });
    return false;
  } finally {
    places.close();
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
