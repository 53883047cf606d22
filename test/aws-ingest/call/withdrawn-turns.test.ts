import { expect, test } from "vitest";
import { ReplayBuffer } from "../../../aws-ingest/call/replay-buffer.ts";
import type { SpeechEvent } from "../../../aws-ingest/call/speech.ts";
import { INITIAL_STATE } from "../../../aws-ingest/call/transcriber-job.ts";
import { runTranscriptionSession } from "../../../aws-ingest/call/transcription-session.ts";
import { TurnTracker } from "../../../aws-ingest/call/turn-tracker.ts";
import { eventsOfAnalytics, eventsOfTranscript } from "../../../aws-ingest/clients/transcribe-events.ts";
import { frames } from "../../../aws-ingest/media/audio-units.ts";
import type { Update } from "../../../protocol/updates.ts";

/** The results for a cough, which Call Analytics takes first for a word and then for silence. */
const utterance = (IsPartial: boolean, Transcript?: string) =>
  eventsOfAnalytics({
    UtteranceEvent: {
      UtteranceId: "u-1",
      ParticipantRole: "CUSTOMER",
      IsPartial,
      ...(Transcript !== undefined && { Transcript }),
      BeginOffsetMillis: 100,
      EndOffsetMillis: 400,
    },
  });
/** The same from standard streaming. */
const result = (IsPartial: boolean, Transcript: string) =>
  eventsOfTranscript({
    TranscriptEvent: {
      Transcript: {
        Results: [
          {
            ResultId: "u-1",
            ChannelId: "ch_0",
            StartTime: 0.1,
            EndTime: 0.4,
            IsPartial,
            Alternatives: Transcript ? [{ Transcript }] : [],
          },
        ],
      },
    },
  });

test.each([
  ["Call Analytics", "call-analytics" as const, [...utterance(true, "Uh"), ...utterance(true, ""), ...utterance(false)]],
  ["standard streaming", "standard" as const, [...result(true, "Uh"), ...result(true, ""), ...result(false, "")]],
])(
  "TRA-2: The session sends a withdrawal for a turn that %s takes back, and does not fail.",
  async (_, service, events: SpeechEvent[]) => {
    const buffer = new ReplayBuffer(frames(0));
    buffer.appendChunk({ firstFrame: frames(0), pcm: new Uint8Array(8000 * 4) });
    buffer.close();
    const contact = { contactId: "contact-1", initialContactId: null };
    const start = {
      handoverCount: 0,
      t0Ms: 0,
      transcribedUntil: { customer: 0, agent: 0 },
      afterFragment: null,
      joinAt: INITIAL_STATE.joinAt,
      lateSamples: 0,
      recording: null,
    };
    const turns = new TurnTracker(contact, {
      ...start,
      pendingTurns: [],
      turns: [],
      categories: [],
      newestSentiment: 0,
      transcript: null,
      incompleteReasons: [],
    });
    const posted: Update[] = [];
    const end = await runTranscriptionSession({
      contactId: "contact-1",
      plan: { service, languageCode: "en-US", identify: [], comprehendLanguage: null, redaction: false },
      buffer,
      turns,
      speech: {
        async *transcribe({ audio }) {
          for await (const _pcm of audio);
          yield* events;
        },
      },
      sentiment: { sentimentOf: () => Promise.reject(new Error("The session asked for the sentiment of a turn without text.")) },
      catchUpSpeed: 1000,
      failWithoutResult: false,
      postUpdates: (updates) => void posted.push(...updates),
      audioSent() {},
      stop: new AbortController().signal,
    });
    expect(end).toEqual({ why: "finished" });
    expect(posted).toMatchObject([
      { type: "contact.turn", text: "Uh", final: false },
      { type: "contact.turn", text: "", final: true, sentiment: null },
    ]);
    expect(new Set(posted.map((update) => update.type === "contact.turn" && update.turnId)).size).toBe(1);
  },
);
