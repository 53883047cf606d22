import { type CallOutcome, runCall } from "./call-pipeline.ts";
import { createHub } from "./clients/hub.ts";
import { readMedia } from "./clients/kinesis-video.ts";
import { startFunction } from "./clients/lambda.ts";
import { keyRing } from "./clients/secrets.ts";
import { transcribe } from "./clients/transcribe.ts";
import { readTranscriberSettings } from "./config.ts";
import { createLog } from "./log.ts";
import { parseTranscriberJob } from "./transcriber-job.ts";

/** What is read of Lambda's context object. */
interface InvocationContext {
  functionName: string;
  getRemainingTimeInMillis(): number;
}

/** Time to drain the recogniser and the posts before Lambda ends the invocation. */
const RESERVE_MS = 90_000;

/**
 * Listens to one contact: Kinesis video in, Amazon Transcribe, signed turns and scores out. Started by the trigger, and by
 * itself when a call is longer than an invocation may be.
 */
export async function handler(event: unknown, context: InvocationContext | null = null): Promise<CallOutcome> {
  const log = createLog("transcriber");
  const settings = readTranscriberSettings(process.env);
  const job = parseTranscriberJob(event);
  const hub = createHub({ hubUrl: settings.hubUrl, instanceId: settings.instanceId, keys: keyRing(settings.hubSecretId) });
  const ownFunction = settings.ownFunction ?? context?.functionName ?? null;
  const left = (context?.getRemainingTimeInMillis() ?? Number.POSITIVE_INFINITY) - RESERVE_MS;
  const outcome = await runCall(
    job,
    {
      media: { read: (start, signal) => readMedia({ streamArn: job.streamArn, start, idleMs: settings.idleMs, signal }) },
      speech: { transcribe: (request) => transcribe(request, settings) },
      moods: { moodOf: async () => null },
      hub: {
        async post(updates) {
          const { watched, undelivered } = await hub.post(updates);
          for (const lost of undelivered) {
            log.error("The hub did not take updates.", {
              contactId: job.contactId,
              count: lost.updates.length,
              reason: lost.reason,
            });
          }
          return { watched, undelivered: undelivered.reduce((count, lost) => count + lost.updates.length, 0) };
        },
      },
      handOver: ownFunction === null ? null : (next) => startFunction(ownFunction, next),
    },
    { ...settings, handoverAfterMs: left > 0 ? Math.min(settings.handoverAfterMs, left) : settings.handoverAfterMs },
  );
  log.info("Transcription over.", {
    contactId: job.contactId,
    hop: job.state?.hop ?? 0,
    result: outcome.result,
    turns: outcome.turns,
    audioMs: outcome.audioMs,
    undelivered: outcome.undelivered,
    losses: outcome.losses.join(" "),
  });
  return outcome;
}
