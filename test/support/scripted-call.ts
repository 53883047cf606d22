import { setImmediate } from "node:timers/promises";
import { expect } from "vitest";
import type { MediaStart } from "../../aws-ingest/call/call-ports.ts";
import { type SpeechEvent, SpeechFailure, type SpeechRequest } from "../../aws-ingest/call/speech.ts";
import type { TranscriberJob } from "../../aws-ingest/call/transcriber-job.ts";
import { scoreContact } from "../../aws-ingest/scoring/sentiment-score.ts";
import { writeFragment } from "../../local/aws/kinesis-video-fragment.ts";
import type { Role, SentimentLabel, Update } from "../../protocol/updates.ts";

export const T0 = 1_790_000_000_000;
const FRAGMENT_MS = 1024;
const ROLES: readonly Role[] = ["customer", "agent"];
const SENTIMENT_LABELS: readonly SentimentLabel[] = ["positive", "neutral", "negative", "mixed"];
/** The job of a scripted call. */
export const JOB: TranscriberJob = {
  contactId: "b373d225-c6c8-48eb-b7ec-e3ce4135a7e9",
  initialContactId: "0f6d8a51-7a3c-4c5e-9d64-0a8f4a0b2c11",
  streamArn: "arn:aws:kinesisvideo:us-east-1:111122223333:stream/x/1",
  startTimestamp: T0,
  startFragment: null,
  language: { service: "call-analytics", languageCode: "en-US", identify: [], comprehendLanguage: null, redaction: true },
  record: false,
  state: null,
};

/** A turn of the script. Every sample of its audio is its number, so a lost or doubled sample shows as another length. */
export interface ScriptedTurn {
  role: Role;
  number: number;
  beginMs: number;
  endMs: number;
}

/** Returns the turns of a call. `random` returns 0 up to 1. */
export function writeScript(random: () => number, lengthMs: number): ScriptedTurn[] {
  const script: ScriptedTurn[] = [];
  for (const role of ROLES) {
    let at = Math.floor(random() * 3000);
    while (at < lengthMs - 9000) {
      const endMs = at + 400 + Math.floor(random() * 7000);
      script.push({ role, number: 1000 + script.length, beginMs: at, endMs });
      at = endMs + 300 + Math.floor(random() * 9000);
    }
  }
  return script;
}

function audioOf(script: readonly ScriptedTurn[], role: Role, fromMs: number, toMs: number): Int16Array {
  const samples = new Int16Array((toMs - fromMs) * 8);
  for (const turn of script) {
    if (turn.role !== role || turn.endMs <= fromMs || turn.beginMs >= toMs) continue;
    samples.fill(turn.number, Math.max(0, turn.beginMs - fromMs) * 8, Math.min(toMs, turn.endMs) * 8 - fromMs * 8);
  }
  return samples;
}

/** The stream of a call that is over: fragments from a time or behind a fragment. Each connection is cut after `cutAfter()` fragments. */
export function streamOf(script: readonly ScriptedTurn[], lengthMs: number, cutAfter: () => number) {
  const count = Math.ceil(lengthMs / FRAGMENT_MS);
  const numberOf = (index: number) => String(1000 + index).padStart(47, "0");
  return async function* readMedia(start: MediaStart): AsyncGenerator<Uint8Array> {
    const first = start.from === "time" ? 0 : Number(start.after) - 1000 + 1;
    let left = cutAfter();
    for (let index = first; index < count + 1; index += 1, left -= 1) {
      const [fromMs, toMs] = [index * FRAGMENT_MS, (index + 1) * FRAGMENT_MS];
      // A network lets timers run between two fragments.
      await setImmediate();
      const audio = {
        contactId: index < count ? JOB.contactId : "somebody-else",
        atMs: T0 + fromMs,
        fromCustomer: audioOf(script, "customer", fromMs, toMs),
        toCustomer: audioOf(script, "agent", fromMs, toMs),
      };
      const identity = { fragmentNumber: numberOf(index), serverMs: T0 + toMs, instanceId: "i" };
      const bytes = writeFragment(audio, identity);
      if (left === 0) {
        yield bytes.subarray(0, bytes.length / 2);
        return;
      }
      yield bytes;
    }
  };
}

/**
 * A speech service that returns one turn for each stretch of one number. Its text is the number and the length in samples.
 * @param failAfter returns after how many chunks the next session breaks off
 * @param shiftMs returns by how much the next session places its turns too late: the service hears a word in another context
 */
export function speechService(failAfter: () => number, shiftMs: () => number = () => 0) {
  return async function* transcribe({ audio }: SpeechRequest): AsyncGenerator<SpeechEvent> {
    const runs = ROLES.map(() => ({ number: 0, begin: 0, shown: false }));
    let at = 0;
    let left = failAfter();
    const shift = shiftMs();
    const turn = (side: number, run: { number: number; begin: number }, final: boolean): SpeechEvent => ({
      kind: "turn",
      utteranceId: `${side}-${run.begin}-${left}`,
      role: side === 0 ? "customer" : "agent",
      beginMs: Math.round(run.begin / 8) + shift,
      endMs: Math.round(at / 8) + shift,
      text: `${run.number}:${at - run.begin}`,
      final,
      sentiment: final ? (SENTIMENT_LABELS[run.number % 4] ?? null) : null,
      languageCode: null,
    });
    for await (const pcm of audio) {
      const samples = new Int16Array(pcm.buffer, pcm.byteOffset, pcm.length / 2);
      const chunkAt = at;
      for (let side = 0; side < 2; side += 1) {
        let run = runs[side] ?? { number: 0, begin: 0, shown: false };
        for (let index = side; index < samples.length; index += 2) {
          const number = samples[index] ?? 0;
          if (number === run.number) continue;
          at = chunkAt + (index - side) / 2;
          if (run.number !== 0) yield turn(side, run, true);
          run = { number, begin: at, shown: false };
        }
        runs[side] = run;
      }
      at = chunkAt + samples.length / 2;
      for (const [side, run] of runs.entries()) {
        if (run.number === 0 || run.shown || at - run.begin < 4000) continue;
        run.shown = true;
        yield turn(side, run, false);
      }
      left -= 1;
      if (left === 0) throw new SpeechFailure(at % 2 === 0 ? "throttled" : "unavailable", "Ordered");
    }
    for (const [side, run] of runs.entries()) if (run.number !== 0) yield turn(side, run, true);
  };
}

/** Expects each turn of the script once, with every sample, and the score of all turns. Times may be up to `slackMs` late. */
export function expectEveryTurnOnce(script: readonly ScriptedTurn[], updates: readonly Update[], slackMs = 0): void {
  const finals = updates.flatMap((update) => (update.type === "contact.turn" && update.final ? [update] : []));
  const newest = [...new Map(finals.map((turn) => [turn.turnId, turn])).values()];
  const order = (a: { beginMs: number; role: Role }, b: { beginMs: number; role: Role }) =>
    a.role.localeCompare(b.role) || a.beginMs - b.beginMs;
  const expected = [...script].sort(order);
  newest.sort(order);
  expect(newest.map(({ role, text }) => [role, text])).toEqual(
    expected.map(({ role, number, beginMs, endMs }) => [role, `${number}:${(endMs - beginMs) * 8}`]),
  );
  for (const [index, { beginMs, endMs }] of newest.entries()) {
    expect(beginMs - (expected[index]?.beginMs ?? 0)).toBeLessThanOrEqual(slackMs);
    expect(beginMs).toBeGreaterThanOrEqual(expected[index]?.beginMs ?? 0);
    expect(endMs - beginMs).toBe((expected[index]?.endMs ?? 0) - (expected[index]?.beginMs ?? 0));
  }
  const score = updates.findLast((update) => update.type === "contact.sentiment");
  const sentimentOf = (text: string) => SENTIMENT_LABELS[Number.parseInt(text, 10) % 4] ?? "mixed";
  expect(score).toMatchObject(scoreContact(newest.map((turn) => ({ ...turn, sentiment: sentimentOf(turn.text) }))));
}
