import { randomUUID } from "node:crypto";
import type { CallOutcome } from "../call/call-outcome.ts";
import { runCall } from "../call/call-pipeline.ts";
import { CallPlaces } from "../call/call-places.ts";
import { type JoinedCall, joinCall } from "../call/join-call.ts";
import { comprehendLanguage } from "../call/languages.ts";
import { parseTranscriberJob } from "../call/transcriber-job.ts";
import { openCallObjects } from "../clients/checkpoints.ts";
import { openComprehend } from "../clients/comprehend.ts";
import { openContactEnds } from "../clients/contact-end.ts";
import { readMedia } from "../clients/kinesis-video.ts";
import { handOverTo } from "../clients/lambda.ts";
import { openPlaces } from "../clients/places.ts";
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
/** How often a run looks at the checkpoint of another one that may be alive. */
const LOOK_MS = 5_000;
/** A run that gets a place has at least this long for its call before it hands over. */
const LEAST_WORK_MS = 60_000;
/** A call with this much audio and without a turn counts as CallsWithoutTurn. */
const SILENT_CALL_MS = 30_000;

/**
 * Transcribes one contact: reads its Kinesis video stream, sends the audio to Amazon Transcribe, and posts turns and scores.
 * The trigger starts it for a new call, which waits here while all places are taken. A call that is longer than an invocation may
 * be goes on in another function of the same code, where no new call can be in its way. An invocation goes on from the call's
 * checkpoint, whoever starts it, and leaves a call that another invocation works on.
 * @throws ConfigError or TypeError when the settings or the event are wrong, and Error when the call is to be tried again.
 */
export async function handler(event: unknown, context: InvocationContext | null = null): Promise<CallOutcome> {
  const log = createLog("transcriber");
  const meter = createMeter("transcriber");
  const settings = readTranscriberSettings(process.env);
  const asked = parseTranscriberJob(event);
  const { contactId } = asked;
  const delivery = openDelivery(
    settings,
    "dead-letter",
    timeUp(context, DELIVERY_RESERVE_MS),
    log,
    meter,
    settings.hubPatienceMs,
  );
  const comprehend = openComprehend();
  const recordings = settings.recordingsBucket === null ? null : openRecordings(settings.recordingsBucket);
  const ownFunction = settings.ownFunction ?? context?.functionName ?? null;
  const nextFunction = settings.continueFunction ?? ownFunction;
  const remainingMs = () => context?.getRemainingTimeInMillis() ?? Number.POSITIVE_INFINITY;
  const objects = settings.checkpointsBucket === null ? null : openCallObjects(settings.checkpointsBucket, settings.instanceId);
  const ends = openContactEnds(settings.instanceId);
  const openedPlaces =
    settings.checkpointsBucket === null || settings.maxCalls === null
      ? null
      : { store: openPlaces(settings.checkpointsBucket, settings.instanceId), capacity: settings.maxCalls };
  const places =
    openedPlaces &&
    new CallPlaces({
      ...openedPlaces,
      mayWait: timeUp(context, RESERVE_MS + LEAST_WORK_MS),
      onWait() {
        meter.add("CallsWaiting", 1);
        log.warn("All places are taken, so a call waits for one. Its audio is kept.", { contactId });
        const { initialContactId } = asked;
        const waiting = { type: "contact.transcription", contactId, initialContactId, state: "waiting" } as const;
        void delivery.deliver([{ ...waiting, occurredAt: Date.now() }]);
      },
      onError: (error) => log.warn("The places of calls could not be read or written.", { contactId, error }),
    });
  const unanswered = new Set<string>();
  const metricsTimer = setInterval(() => meter.flush(), METRICS_INTERVAL_MS);
  try {
    const joined: JoinedCall =
      objects === null
        ? { kind: "work", job: asked, checkpoints: null }
        : await joinCall(asked, {
            store: objects,
            requestId: context?.awsRequestId ?? randomUUID(),
            run: randomUUID(),
            intervalMs: settings.checkpointMs,
            leaseMs: settings.leaseMs,
            lookMs: LOOK_MS,
            places,
            onWrite(error) {
              meter.add(error === null ? "Checkpoints" : "CheckpointsFailed", 1);
              if (error !== null) log.warn("A checkpoint of a call could not be read or stored.", { contactId, error });
            },
          });
    if (joined.kind === "leave" && joined.why === "full") {
      if (ownFunction === null) throw new Error("All places are taken, and no function waits on. Raise maxConcurrentCalls.");
      await handOverTo(ownFunction, asked);
      return { ...NOT_MINE, result: "waiting" };
    }
    if (joined.kind === "leave") {
      log.info("Another invocation transcribes this call, or the call is over.", { contactId, why: joined.why });
      return NOT_MINE;
    }
    const { job, checkpoints } = joined;
    const left = remainingMs() - RESERVE_MS;
    const handoverAfterMs = left > 0 ? Math.min(settings.handoverAfterMs, left) : settings.handoverAfterMs;
    const outcome = await runCall(
      job,
      {
        media: { readMedia: (start, signal, plan) => readMedia({ ...plan, start, signal }) },
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
        handOver: nextFunction === null ? null : (next) => handOverTo(nextFunction, next),
        recordings,
        checkpoints,
        end: {
          isMarkedOver: async () => (await objects?.isMarkedEnded(contactId)) ?? false,
          async askConnect(signal) {
            try {
              return (await ends.isDisconnected(contactId, signal)) ? "over" : "going-on";
            } catch (error) {
              const name = nameOf(error);
              if (!unanswered.has(name) && !signal.aborted)
                log.warn("Amazon Connect did not say whether a call is over. It is asked again.", { contactId, error: name });
              unanswered.add(name);
              return "unknown";
            }
          },
        },
        agents: {
          askJoined: (signal) =>
            ends.askJoined(contactId, signal, (error) => {
              if (!signal.aborted && !unanswered.has(error))
                log.warn(
                  "Amazon Connect did not say whether an agent has joined a call. Without an answer, the call is transcribed from its first sound.",
                  {
                    contactId,
                    error,
                  },
                );
              unanswered.add(error);
            }),
        },
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
    const isOver = result === "ended" || result === "failed";
    if (isOver && job.place !== undefined) await places?.freePlace(job.place, contactId);
    meter.add("Turns", newTurns);
    meter.add("AudioSeconds", newAudioMs / 1000);
    if (result === "handed-over") meter.add("Handovers", 1);
    // A caller who gave up waiting said nothing to anybody.
    if (result === "ended" && turns === 0 && audioMs > SILENT_CALL_MS && outcome.agentJoined !== false)
      meter.add("CallsWithoutTurn", 1);
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
    if (result === "interrupted") {
      log.error("The transcription of a call stopped, and the next invocation goes on.", fields);
      throw new Error("The transcription of a call stopped. Lambda tries again, and goes on from the call's checkpoint.");
    }
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
    objects?.close();
    openedPlaces?.store.close();
    ends.close();
  }
}

/** The outcome of an invocation that left the call to another one. */
const NOT_MINE: CallOutcome = {
  result: "superseded",
  turns: 0,
  newTurns: 0,
  audioMs: 0,
  newAudioMs: 0,
  incompleteReasons: [],
  undelivered: 0,
};

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : "unknown";
}
