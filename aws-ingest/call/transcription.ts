import { setTimeout as sleep } from "node:timers/promises";
import { backoffMs } from "../../protocol/backoff.ts";
import type { Update } from "../../protocol/updates.ts";
import { frames, framesToWholeMs, msToFrames } from "../media/audio-units.ts";
import type { CallArchive } from "./call-archive.ts";
import type { CallSettings } from "./call-outcome.ts";
import type { CallPorts, CheckpointPort } from "./call-ports.ts";
import { skipGap } from "./gap.ts";
import { planWithout, type RefusedOptions } from "./refused-options.ts";
import type { ReplayBuffer } from "./replay-buffer.ts";
import type { SpeechFailure } from "./speech.ts";
import type { TranscriberJob } from "./transcriber-job.ts";
import type { TranscriptionHeartbeat } from "./transcription-heartbeat.ts";
import { runTranscriptionSession } from "./transcription-session.ts";
import type { TurnTracker } from "./turn-tracker.ts";

/** Between two sessions after a failure. The first wait is short, because live audio piles up meanwhile. */
const SESSION_BACKOFF = { firstMs: 800, longestMs: 15_000 };
/** While the call goes on, its audio waits for the speech service. After the call, so many failures in a row end it. */
const MAX_FAILURES_AFTER_CALL = 8;
/** The service rejects a session that it had accepted. So many times in a row without progress, it will not stop doing so. */
const MAX_REJECTIONS = 4;

/** The parts of a call that its sessions work with. */
export interface TranscribedCall {
  job: TranscriberJob;
  ports: CallPorts;
  settings: CallSettings;
  buffer: ReplayBuffer;
  turns: TurnTracker;
  refused: RefusedOptions;
  archive: CallArchive | null;
  heartbeat: TranscriptionHeartbeat;
  checkpoints: CheckpointPort | null;
  /** Receives why some speech is missing. */
  incompleteReasons: Set<string>;
  /** Ends the running session before the end of the audio. */
  stop: AbortSignal;
  postUpdates(updates: readonly Update[]): void;
}

/**
 * Why transcription stopped. `rejected`: the service refuses the call itself. `gave-up`: the service failed again and again behind
 * the end of the call, which may pass.
 */
export type TranscriptionEnd =
  | { why: "finished" | "stopped" | "superseded" }
  | { why: "rejected" | "gave-up"; failure: SpeechFailure };

/** Runs one transcription session after another, until the audio is over or nobody can go on. */
export async function transcribeAudio(call: TranscribedCall): Promise<TranscriptionEnd> {
  const { job, ports, settings, buffer, turns, refused, archive, heartbeat, checkpoints, stop } = call;
  const { observer } = ports;
  let failures = 0;
  let from = buffer.firstFrame;
  let transcribedBefore = -1;
  let failWithoutResult = true;
  for (;;) {
    const ready = await buffer.waitForFrames(from, frames(1), Number.POSITIVE_INFINITY, stop);
    if (ready === "aborted") return { why: "stopped" };
    if (ready === "closed") return { why: "finished" };
    const skipped = skipGap(buffer, turns, from);
    if (skipped !== null) {
      archive?.settleUntil(framesToWholeMs(skipped));
      from = skipped;
      continue;
    }
    let accepted = false;
    const end = await runTranscriptionSession({
      contactId: job.contactId,
      plan: planWithout(job.language, refused.without),
      without: refused.without,
      maskPersonalData: settings.redactPii ?? false,
      buffer: buffer,
      turns: turns,
      speech: ports.speech,
      sentiment: ports.sentiment,
      catchUpSpeed: settings.catchUpSpeed,
      failWithoutResult,
      stop: stop,
      postUpdates: (updates) => call.postUpdates(updates),
      accepted: () => {
        accepted = true;
        for (const option of refused.noteAccepted()) observer.optionRefused?.(option);
      },
      textWithheld: () => {
        archive?.noteTextWithheld();
        observer.textWithheld?.();
      },
      wordsMasked: (role, spans) => archive?.maskWords(role, spans),
      settledUntil: (ms) => archive?.settleUntil(ms),
      audioSent: (ms) => observer.audioSent(ms),
    });
    const transcribedMs = Math.min(turns.transcribedUntil.customer, turns.transcribedUntil.agent);
    archive?.settleUntil(transcribedMs);
    if (end.why === "finished" || end.why === "stopped") return { why: end.why };
    if (end.why === "paused") {
      call.postUpdates(turns.releaseUnsureTurns());
      checkpoints?.noteChange();
      from = buffer.endFrame;
      failures = 0;
      continue;
    }
    const { failure } = end;
    if (failure.reason === "superseded") return { why: "superseded" };
    const rejectedAtOnce = failure.reason === "rejected" && !accepted;
    if (rejectedAtOnce && refused.noteRejected(failure)) continue;
    if (rejectedAtOnce) return { why: "rejected", failure };
    failures = transcribedMs > transcribedBefore ? 1 : failures + 1;
    transcribedBefore = transcribedMs;
    failWithoutResult = failure.code !== "NoResult";
    heartbeat.sessionFailed();
    observer.sessionRestarted(failure.reason, failure.code);
    if (failure.reason === "rejected" && failures >= MAX_REJECTIONS) return { why: "rejected", failure };
    if (buffer.closed && failures >= MAX_FAILURES_AFTER_CALL) return { why: "gave-up", failure };
    // The buffer no longer holds audio before this time, so no session can repeat it.
    const keptFromMs = framesToWholeMs(buffer.firstFrame);
    if (keptFromMs > transcribedMs) {
      call.incompleteReasons.add("recogniser_away_too_long");
      archive?.noteSpeechGivenUp();
      turns.skipBefore(keptFromMs);
    }
    from = msToFrames(Math.max(transcribedMs, keptFromMs));
    checkpoints?.noteChange();
    const wait = backoffMs(failures - 1, SESSION_BACKOFF, Math.random());
    await sleep(wait, undefined, { signal: stop }).catch(() => {});
  }
}
