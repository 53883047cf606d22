import { setTimeout as sleep } from "node:timers/promises";
import { backoffMs } from "../../protocol/backoff.ts";
import { type Frames, frames, framesToWholeMs, msToFrames } from "../media/audio-units.ts";
import type { AgentPort } from "./call-ports.ts";
import type { ReplayBuffer } from "./replay-buffer.ts";

/** Between two questions. All calls of an account share ten a second, and an agent who joins is noticed soon enough. */
const ASK_BACKOFF = { firstMs: 1500, longestMs: 12_000 };
/** Audio of the wait that is kept: longer than from one answer to the next, so the moment of the join is still there. */
const KEPT_WAIT = msToFrames(45_000);
/** Without any answer for so long, the call is transcribed from its beginning: too much is better than nothing. */
const NO_ANSWER_MS = 10_000;
/** After the end of the call, so many questions without an answer are enough. */
const MAX_SILENT_AT_END = 4;
/** The clocks of the two services may differ by so much. The first word of the agent must not be lost. */
const CLOCK_SLACK_MS = 300;

/** The parts of a call that wait for its conversation. */
export interface WaitingCall {
  agents: AgentPort;
  buffer: ReplayBuffer;
  /** Epoch ms of frame 0; null before the first audio. */
  startedAt(): number | null;
  /** Receives the part of the wait that is passed over, in ms of the audio. */
  waitPassed(fromMs: number, untilMs: number): void;
  stop: AbortSignal;
}

/** `begun`: at `beginMs` of the audio. `over`: the call ended without an agent. `stopped`: `stop` aborted. */
export type ConversationBegin = { why: "begun"; beginMs: number } | { why: "over" | "stopped" };

/**
 * Waits until an agent has joined the call. Prompts, music and a caller who talks to nobody are nobody's turns, and nobody pays for
 * their transcription. Amazon Connect itself is asked: the sound of an agent cannot be told from that of a prompt, and the events
 * of a contact reach other functions and may be lost.
 */
export async function waitForConversation(call: WaitingCall): Promise<ConversationBegin> {
  const { agents, buffer, stop } = call;
  const askedFirst = Date.now();
  let answered = false;
  let silentAtEnd = 0;
  for (let asked = 0; ; asked += 1) {
    if (stop.aborted) return { why: "stopped" };
    const atEnd = buffer.closed;
    const answer = await agents.askJoined(stop);
    if (stop.aborted) return { why: "stopped" };
    if (answer.kind === "later" && atEnd) silentAtEnd += 1;
    const silent = answer.kind === "later" && !answered && Date.now() - askedFirst > NO_ANSWER_MS;
    if (answer.kind === "unavailable" || silent || silentAtEnd >= MAX_SILENT_AT_END)
      return { why: "begun", beginMs: framesToWholeMs(buffer.firstFrame) };
    if (answer.kind !== "later") answered = true;
    if (answer.kind === "joined") return begunAt(answer.atMs, call);
    if (answer.kind === "waiting") passWait(atEnd ? buffer.endFrame : frames(Math.max(0, buffer.endFrame - KEPT_WAIT)), call);
    if (answer.kind === "waiting" && atEnd) return { why: "over" };
    const wait = backoffMs(Math.min(asked, 20), ASK_BACKOFF, Math.random());
    // The end of the audio is a reason to ask at once.
    if (atEnd) await sleep(wait, undefined, { signal: stop }).catch(() => {});
    else await buffer.waitForFrames(frames(Number.MAX_SAFE_INTEGER), frames(1), wait, stop);
  }
}

/** Passes over the audio before the moment of the join. The reader may still be behind it, or have no audio at all. */
async function begunAt(atMs: number, call: WaitingCall): Promise<ConversationBegin> {
  const { buffer, stop } = call;
  const joinedMs = () => Math.max(0, Math.round(atMs - (call.startedAt() ?? atMs)));
  const transcribeFrom = () => msToFrames(Math.max(0, joinedMs() - CLOCK_SLACK_MS));
  while (call.startedAt() === null || buffer.endFrame < transcribeFrom()) {
    passWait(buffer.endFrame, call);
    const ready = await buffer.waitForFrames(buffer.endFrame, frames(1), Number.POSITIVE_INFINITY, stop);
    if (ready === "aborted") return { why: "stopped" };
    if (ready === "closed") return { why: "over" };
  }
  passWait(transcribeFrom(), call);
  return { why: "begun", beginMs: joinedMs() };
}

function passWait(until: Frames, { buffer, waitPassed }: WaitingCall): void {
  const from = buffer.firstFrame;
  if (until <= from) return;
  waitPassed(framesToWholeMs(from), framesToWholeMs(until));
  buffer.skipTo(until);
}
