import { type CallOutcome, runCall } from "../call/call-pipeline.ts";
import { comprehendLanguage } from "../call/languages.ts";
import { parseTranscriberJob } from "../call/transcriber-job.ts";
import { openComprehend } from "../clients/comprehend.ts";
import { readMedia } from "../clients/kinesis-video.ts";
import { handOverTo } from "../clients/lambda.ts";
import { openRecordings } from "../clients/recordings.ts";
import { transcribe } from "../clients/transcribe.ts";
import { DELIVERY_RESERVE_MS, openDelivery } from "../delivery/delivery.ts";
import { type InvocationContext, timeUp } from "../runtime/invocation.ts";
import { createLog } from "../runtime/log.ts";
import { createMeter } from "../runtime/meter.ts";
import { readTranscriberSettings } from "../runtime/settings.ts";

/** Time to drain Transcribe and the posts before Lambda ends the invocation. */
const RESERVE_MS = 90_000;
const METRICS_INTERVAL_MS = 60_000;
/** A call with this much audio and without a turn counts as CallsWithoutTurn. */
const SILENT_CALL_MS = 30_000;

/**
 * Transcribes one contact: reads its Kinesis video stream, sends the audio to Amazon Transcribe, and posts turns and scores.
 * The trigger starts it. It starts itself when a call is longer than an invocation may be.
 * @throws ConfigError or TypeError when the settings or the event are wrong.
 */
export async function handler(event: unknown, context: InvocationContext | null = null): Promise<CallOutcome> {
  const log = createLog("transcriber");
  const meter = createMeter("transcriber");
  const settings = readTranscriberSettings(process.env);
  const job = parseTranscriberJob(event);
  const { contactId } = job;
  const delivery = openDelivery(settings, "dead-letter", timeUp(context, DELIVERY_RESERVE_MS), log, meter);
  const comprehend = openComprehend();
  const recordings = settings.recordingsBucket === null ? null : openRecordings(settings.recordingsBucket);
  const ownFunction = settings.ownFunction ?? context?.functionName ?? null;
  const left = (context?.getRemainingTimeInMillis() ?? Number.POSITIVE_INFINITY) - RESERVE_MS;
  const handoverAfterMs = left > 0 ? Math.min(settings.handoverAfterMs, left) : settings.handoverAfterMs;
  const metricsTimer = setInterval(() => meter.flush(), METRICS_INTERVAL_MS);
  try {
    const outcome = await runCall(
      job,
      {
        media: { readMedia: (start, signal) => readMedia({ streamArn: job.streamArn, start, idleMs: settings.idleMs, signal }) },
        speech: { transcribe: (request) => transcribe(request, settings) },
        sentiment: {
          async sentimentOf(text, languageCode) {
            const language = comprehendLanguage(languageCode);
            if (language === null) return null;
            try {
              return await comprehend.sentimentOf(text, language);
            } catch (error) {
              log.warn("Amazon Comprehend returned no sentiment, so a turn is posted without one.", {
                contactId,
                error: nameOf(error),
              });
              return null;
            }
          },
        },
        hub: {
          async postUpdates(updates) {
            const { watched, deadLettered } = await delivery.deliver(updates);
            return { watched, undelivered: deadLettered };
          },
        },
        handOver: ownFunction === null ? null : (next) => handOverTo(ownFunction, next),
        recordings,
        observer: {
          fragmentRead: (msBehindLive) => meter.add("MillisBehindLive", msBehindLive),
          audioSent: (ms) => meter.add("AudioSecondsSent", ms / 1000),
          sessionRestarted(reason, code) {
            meter.add("TranscribeRestarts", 1);
            log.warn("A transcription session broke off. Its audio is sent again in a new session.", { contactId, reason, code });
          },
          optionRefused(option) {
            meter.add("TranscribeRefusals", 1);
            log.warn("Transcribe refuses an option of this call. The call goes on without it (docs/operate.md).", {
              contactId,
              option,
            });
          },
          transcriptionFailed(code) {
            meter.add("TranscribeRefusals", 1);
            log.error("Transcribe refuses this call itself. Nobody transcribes the rest. A recording goes on.", {
              contactId,
              code,
            });
          },
          textWithheld: () => meter.add("TurnsWithheld", 1),
        },
      },
      { ...settings, timeToHandOver: AbortSignal.timeout(Math.round(handoverAfterMs)) },
    );
    const { result, turns, newTurns, audioMs, newAudioMs, undelivered, incompleteReasons } = outcome;
    meter.add("Turns", newTurns);
    meter.add("AudioSeconds", newAudioMs / 1000);
    if (result === "handed-over") meter.add("Handovers", 1);
    if (result === "ended" && turns === 0 && audioMs > SILENT_CALL_MS) meter.add("CallsWithoutTurn", 1);
    const fields = {
      contactId,
      handoverCount: job.state?.handoverCount ?? 0,
      result,
      turns,
      audioMs,
      undelivered,
      incompleteReasons: incompleteReasons.join(" "),
      ...outcome.recording,
    };
    if (result === "failed" || incompleteReasons.length > 0) {
      if (result !== "handed-over") meter.add("CallsIncomplete", 1);
      log.error("The transcription of a call is over, and it is incomplete.", fields);
    } else log.info("The transcription of a call is over.", fields);
    return outcome;
  } finally {
    clearInterval(metricsTimer);
    meter.flush();
    comprehend.close();
    recordings?.close();
  }
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : "unknown";
}
