import { randomUUID } from "node:crypto";
import type { Update } from "../../protocol/updates.ts";
import type { StandInStream } from "../aws/kinesis-video-stream.ts";
import { writeCall } from "../phrases/call-script.ts";
import type { PhraseLanguage } from "../phrases/phrase.ts";
import { createCallAudio } from "../simulator/call-audio.ts";
import { cachedPhraseAudio } from "../simulator/phrase-audio.ts";
import { createRandom } from "../simulator/random.ts";
import type { ReplayedSound } from "./replayed-event.ts";

const SAMPLES_PER_MS = 8;
const AGENT_ID = "example-agent";
const TURNS = 10;
const PAUSE_MS = 500;
/** Amazon Connect writes about a second of audio at a time. */
const SILENCE_MS = 1024;

/** A call that has gone on for half a minute: its customer was angry, and an agent is helping. */
export interface ExampleCall {
  contactId: string;
  /** When it began and the agent answered, epoch ms. */
  beganAt: number;
  /** The number of sentences that each side said. */
  turns: { customer: number; agent: number };
  /** Writes all that was said to the stream. */
  writeSpeech(stream: StandInStream): ReplayedSound;
  /** Writes the silence since the last write, because a call whose sound stops is over. */
  writeSilence(stream: StandInStream): void;
  /** Writes the first second of another contact, which ends the sound of this one. */
  writeEnd(stream: StandInStream): void;
  /** Returns the agent who is on the call. */
  agentState(): Update;
  agentRemoved(): Update;
}

/** @param now epoch ms, the end of what was said */
export function createExampleCall(language: PhraseLanguage, now: number): ExampleCall {
  const contactId = randomUUID();
  const phrases = writeCall({ language, topic: "billing", arc: "rescued", turns: TURNS, random: createRandom("example").next });
  let lengthMs = PAUSE_MS;
  const utterances = phrases.map((phrase) => {
    const beginMs = lengthMs;
    lengthMs = Math.ceil(beginMs + cachedPhraseAudio(phrase).length / SAMPLES_PER_MS) + PAUSE_MS;
    return { phrase, beginMs };
  });
  const beganAt = now - lengthMs;
  let writtenMs = lengthMs;
  return {
    contactId,
    beganAt,
    turns: {
      customer: phrases.filter(({ role }) => role === "customer").length,
      agent: phrases.filter(({ role }) => role === "agent").length,
    },
    writeSpeech(stream) {
      const audio = createCallAudio();
      audio.startConversation(0, { utterances, holds: [], durationMs: lengthMs });
      const first = stream.write({ contactId, atMs: beganAt, ...audio.renderAudio(0, lengthMs) });
      return { StreamARN: stream.arn, StartTimestamp: String(beganAt), StartFragmentNumber: first };
    },
    writeSilence(stream) {
      while (beganAt + writtenMs + SILENCE_MS <= Date.now()) {
        const silence = new Int16Array(SILENCE_MS * SAMPLES_PER_MS);
        stream.write({ contactId, atMs: beganAt + writtenMs, fromCustomer: silence, toCustomer: silence });
        writtenMs += SILENCE_MS;
      }
    },
    writeEnd(stream) {
      const silence = new Int16Array(SILENCE_MS * SAMPLES_PER_MS);
      stream.write({ contactId: randomUUID(), atMs: beganAt + writtenMs, fromCustomer: silence, toCustomer: silence });
    },
    agentState: () => ({
      type: "agent.state",
      agentId: AGENT_ID,
      occurredAt: Date.now(),
      name: "Agente Uno",
      username: null,
      signedIn: true,
      status: { name: "Available", kind: "routable", since: beganAt },
      contacts: [
        {
          contactId,
          initialContactId: null,
          channel: "voice",
          state: "connected",
          since: beganAt,
          connectedAt: beganAt,
          queue: null,
        },
      ],
      routingProfile: null,
      groups: [],
    }),
    agentRemoved: () => ({ type: "agent.removed", agentId: AGENT_ID, occurredAt: Date.now() }),
  };
}
