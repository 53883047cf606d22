import { afterEach, describe, expect, test, vi } from "vitest";
import type { SpeechPort } from "../../../aws-ingest/call/call-ports.ts";
import { ReplayBuffer } from "../../../aws-ingest/call/replay-buffer.ts";
import { type SpeechEvent, SpeechFailure, type SpeechRequest, type SpeechSpan } from "../../../aws-ingest/call/speech.ts";
import { type CallState, INITIAL_STATE } from "../../../aws-ingest/call/transcriber-job.ts";
import { runTranscriptionSession } from "../../../aws-ingest/call/transcription-session.ts";
import { type RecognisedTurn, TurnTracker } from "../../../aws-ingest/call/turn-tracker.ts";
import { frames } from "../../../aws-ingest/media/audio-units.ts";
import type { Role, Update } from "../../../protocol/updates.ts";

const CONTACT = { contactId: "contact-2", initialContactId: "contact-1" };
const STATE: CallState = {
  ...INITIAL_STATE,
  t0Ms: 1_790_000_000_000,
  transcribedUntil: { customer: 3900, agent: 2500 },
};
const TURN: RecognisedTurn = {
  kind: "turn",
  utteranceId: "u-1",
  role: "agent",
  beginMs: 1000,
  endMs: 1800,
  text: "Buenos días",
  final: true,
  sentiment: null,
  languageCode: null,
};

afterEach(() => void vi.useRealTimers());

interface SessionPlan {
  service?: "call-analytics" | "standard";
  seconds?: number;
  /** The byte that fills the audio: 50 gives voice, 0 gives silence. */
  byte?: number;
  maskPersonalData?: boolean;
}

/** Runs a session over the audio of a call that is over. The buffer begins two seconds into the call. */
function runSession(
  transcribe: SpeechPort["transcribe"],
  { service = "call-analytics", seconds = 10, byte = 50, maskPersonalData = false }: SessionPlan = {},
) {
  const buffer = new ReplayBuffer(frames(16_000));
  buffer.appendChunk({ firstFrame: frames(16_000), pcm: new Uint8Array(seconds * 8000 * 4).fill(byte) });
  buffer.close();
  const turns = new TurnTracker(CONTACT, STATE);
  const stop = new AbortController();
  const posted: Update[] = [];
  const sentMs: number[] = [];
  const requests: SpeechRequest[] = [];
  const asked: [text: string, languageCode: string][] = [];
  const masked: [role: Role, spans: readonly SpeechSpan[]][] = [];
  let withheld = 0;
  const end = runTranscriptionSession({
    contactId: CONTACT.contactId,
    plan: { service, languageCode: "es-ES", identify: [], comprehendLanguage: "es", redaction: false },
    buffer,
    turns,
    speech: {
      transcribe(request) {
        requests.push(request);
        return transcribe(request);
      },
    },
    sentiment: {
      async sentimentOf(text, languageCode) {
        asked.push([text, languageCode]);
        return "negative";
      },
    },
    catchUpSpeed: 1_000_000,
    failWithoutResult: true,
    maskPersonalData,
    wordsMasked: (role, spans) => void masked.push([role, spans]),
    textWithheld: () => {
      withheld += 1;
    },
    postUpdates: (updates) => void posted.push(...updates),
    audioSent: (ms) => void sentMs.push(ms),
    stop: stop.signal,
  });
  return { end, turns, buffer, stop, posted, sentMs, requests, asked, masked, withheld: () => withheld };
}

/** A service that takes all audio and then returns these events. */
function answering(...events: SpeechEvent[]): SpeechPort["transcribe"] {
  return async function* transcribe({ audio }) {
    for await (const _ of audio);
    yield* events;
  };
}

describe("A transcription session", () => {
  test("begins on the last whole second and mutes the side that is transcribed further.", async () => {
    const received: Uint8Array[] = [];
    const session = runSession(async function* transcribe({ audio }) {
      for await (const pcm of audio) received.push(pcm);
      yield* [];
    });
    expect(await session.end).toEqual({ why: "finished" });
    expect(session.requests).toMatchObject([{ sessionId: "contact-2", sampleRateHz: 8000 }]);
    const samples = new Int16Array(new Uint8Array(Buffer.concat(received)).buffer);
    const [customer, agent] = [0, 1].map((side) =>
      samples.filter((_, index) => index % 2 === side).findIndex((sample) => sample !== 0),
    );
    expect([samples.length / 2, customer, agent]).toEqual([80_000, 1900 * 8, 500 * 8]);
    expect(session.sentMs).toEqual([10_000]);
    expect(session.turns.transcribedUntil).toEqual({ customer: 12_000, agent: 12_000 });
  });

  test("lets its service go when it is over.", async () => {
    const session = runSession(answering());
    await session.end;
    expect(session.requests[0]?.signal.aborted).toBe(true);
  });

  test("asks for the sentiment of a final turn when the service does not label turns.", async () => {
    const session = runSession(
      answering({ ...TURN, final: false }, TURN, { ...TURN, utteranceId: "u-2", languageCode: "es-US" }),
      { service: "standard" },
    );
    await session.end;
    expect(session.asked).toEqual([
      ["Buenos días", "es-ES"],
      ["Buenos días", "es-US"],
    ]);
    expect(session.posted).toMatchObject([
      { final: false, sentiment: null },
      { beginMs: 3000, endMs: 3800, sentiment: "negative" },
      { agent: { score: -5 } },
      { sentiment: "negative" },
      { turns: 1 },
    ]);
  });

  test("asks for no sentiment when the service labels turns.", async () => {
    const session = runSession(answering(TURN, { ...TURN, utteranceId: "u-2", sentiment: "positive" }));
    await session.end;
    expect(session.asked).toEqual([]);
    const session2 = runSession(answering({ ...TURN, sentiment: "positive" }), { service: "standard" });
    await session2.end;
    expect(session2.asked).toEqual([]);
  });

  test("posts a category at its place on the timeline.", async () => {
    const session = runSession(answering({ kind: "category", name: "refund", endMs: 1500 }));
    await session.end;
    expect(session.posted).toMatchObject([{ type: "contact.category", name: "refund", occurredAt: 1_790_000_003_500 }]);
  });

  test("leaves the last second untranscribed when it is stopped.", async () => {
    const session = runSession(async function* transcribe({ audio }) {
      let chunks = 0;
      for await (const _ of audio) {
        chunks += 1;
        if (chunks === 50) session.stop.abort();
      }
      yield* [];
    });
    expect(await session.end).toEqual({ why: "stopped" });
    const sentUntilMs = 2000 + (session.sentMs[0] ?? 0);
    expect(sentUntilMs).toBeGreaterThan(6900);
    expect(session.turns.transcribedUntil).toEqual({ customer: sentUntilMs - 1000, agent: sentUntilMs - 1000 });
  });

  test("keeps back a turn that touches the cut when it is stopped.", async () => {
    const session = runSession(async function* transcribe({ audio }) {
      for await (const _ of audio) session.stop.abort();
      yield { ...TURN, beginMs: 0, endMs: 50, sentiment: "positive" };
    });
    expect(await session.end).toEqual({ why: "stopped" });
    expect(session.posted).toEqual([]);
    expect(session.turns.state().pendingTurns).toMatchObject([{ turnId: "agent-2000" }]);
  });
});

describe("A running transcription session", () => {
  const FAKED = ["Date", "setTimeout", "clearTimeout", "setInterval", "clearInterval"] as const;

  test("drops the audio of silence that it no longer needs, and does not transcribe it again when it breaks off.", async () => {
    vi.useFakeTimers({ toFake: [...FAKED] });
    const session = runSession(
      async function* transcribe({ audio, signal }) {
        for await (const _ of audio);
        await aborted(signal);
        yield* [];
      },
      { seconds: 60, byte: 0 },
    );
    await vi.advanceTimersByTimeAsync(500);
    // 62 s on the timeline, less ten seconds of latency, less one second of alignment.
    expect(session.buffer.firstFrame).toBe(51 * 8000);
    await vi.advanceTimersByTimeAsync(16_000);
    expect(await session.end).toMatchObject({ why: "failed" });
    expect(session.turns.transcribedUntil).toEqual({ customer: 52_000, agent: 52_000 });
  });

  test("keeps the audio from the first voice without a result, and no more than two minutes of it.", async () => {
    vi.useFakeTimers({ toFake: [...FAKED] });
    const hangs: SpeechPort["transcribe"] = async function* transcribe({ audio, signal }) {
      for await (const _ of audio);
      await aborted(signal);
      yield* [];
    };
    const short = runSession(hangs, { seconds: 50 });
    const long = runSession(hangs, { seconds: 130 });
    await vi.advanceTimersByTimeAsync(500);
    expect(short.buffer.firstFrame).toBe(16_000);
    expect(long.buffer.firstFrame).toBe(12 * 8000);
    await vi.advanceTimersByTimeAsync(16_000);
    expect((await short.end).why).toBe("failed");
    expect(await long.end).toMatchObject({ why: "failed", failure: { code: "NoEnd" } });
  });

  test("begins its no-result timeout again with every result.", async () => {
    vi.useFakeTimers({ toFake: [...FAKED] });
    const session = runSession(
      async function* transcribe({ audio }) {
        let chunks = 0;
        for await (const _ of audio) {
          chunks += 1;
          if (chunks === 300) yield { ...TURN, final: false };
          // The watchdog looks every half second while the audio goes on.
          if (chunks % 200 === 0) await new Promise((resolve) => setTimeout(resolve, 600));
        }
        yield TURN;
      },
      { seconds: 80 },
    );
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await session.end).toEqual({ why: "finished" });
  });
});

describe("A transcription session fails", () => {
  test("with the failure of its service.", async () => {
    const failure = new SpeechFailure("throttled", "LimitExceededException");
    const session = runSession(async function* transcribe({ audio }) {
      for await (const _ of audio) throw failure;
      yield* [];
    });
    expect(await session.end).toEqual({ why: "failed", failure });
    expect(session.turns.transcribedUntil).toEqual({ customer: 3900, agent: 2500 });
  });

  test("with the name of any other error, and never its message.", async () => {
    const session = runSession(() => {
      throw Object.assign(new Error("said: secret"), { name: "ECONNRESET" });
    });
    expect(await session.end).toMatchObject({ why: "failed", failure: { reason: "unavailable", code: "ECONNRESET" } });
    expect(JSON.stringify(await session.end)).not.toContain("secret");
  });

  test.each([
    ["before its audio is over", async function* early(): AsyncGenerator<SpeechEvent> {}],
    ["and leaves a turn open", answering({ ...TURN, final: false })],
  ])("when its service ends %s.", async (_name, transcribe) => {
    expect(await runSession(transcribe).end).toMatchObject({ why: "failed", failure: { code: "EndedEarly" } });
  });

  test.each([
    [
      "takes no audio",
      "Stuck",
      async function* stuck({ audio, signal }: SpeechRequest): AsyncGenerator<SpeechEvent> {
        await audio[Symbol.asyncIterator]().next();
        await aborted(signal);
        yield* [];
        throw Object.assign(new Error("The request was aborted."), { name: "AbortError" });
      },
    ],
    [
      "does not end after its audio",
      "NoEnd",
      async function* endless({ audio, signal }: SpeechRequest): AsyncGenerator<SpeechEvent> {
        for await (const _ of audio);
        await aborted(signal);
        yield* [];
      },
    ],
  ])("when its service hangs and %s, and aborts that service.", async (_name, code, transcribe) => {
    vi.useFakeTimers({ toFake: ["Date", "setTimeout", "clearTimeout", "setInterval", "clearInterval"] });
    const session = runSession(transcribe);
    await vi.advanceTimersByTimeAsync(16_000);
    expect(await session.end).toMatchObject({ why: "failed", failure: { reason: "unavailable", code } });
    expect(vi.getTimerCount()).toBe(0);
  });
});

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}

describe("A session with personal data", () => {
  const partial: SpeechEvent = { ...TURN, final: false, text: "Soy Ana" };
  const final: SpeechEvent = { ...TURN, text: "Soy [NAME].", redacted: true, maskedSpans: [{ beginMs: 1300, endMs: 1700 }] };
  const textsOf = (posted: readonly Update[]) =>
    posted.flatMap((update) => (update.type === "contact.turn" ? [[update.final, update.text]] : []));

  test("posts partial turns only when nothing is to be masked.", async () => {
    const clear = runSession(answering(partial, { ...TURN, text: "Soy Ana." }));
    await clear.end;
    expect(textsOf(clear.posted)).toEqual([
      [false, "Soy Ana"],
      [true, "Soy Ana."],
    ]);
    const session = runSession(answering(partial, final), { maskPersonalData: true });
    await session.end;
    expect(textsOf(session.posted)).toEqual([[true, "Soy [NAME]."]]);
  });

  test("gives the masked words on the contact's timeline, because the recording is silenced there.", async () => {
    const { end, masked, withheld } = runSession(answering(final), { maskPersonalData: true });
    await end;
    expect(masked).toEqual([["agent", [{ beginMs: 3300, endMs: 3700 }]]]);
    expect(withheld()).toBe(0);
  });

  test("asks for the sentiment of a turn with its words, and posts the turn without them.", async () => {
    const unmasked: SpeechEvent = { ...TURN, text: "Soy Ana Ruiz." };
    const session = runSession(answering(unmasked), { service: "standard", maskPersonalData: true });
    await session.end;
    expect(session.asked).toEqual([["Soy Ana Ruiz.", "es-ES"]]);
    expect(textsOf(session.posted)).toEqual([[true, "[PII]"]]);
    expect(session.posted).toContainEqual(expect.objectContaining({ type: "contact.sentiment" }));
    expect(session.withheld()).toBe(1);
  });
});
