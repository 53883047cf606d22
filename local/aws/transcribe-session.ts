import { PhraseDecoder, type PhraseEvent, SAMPLE_RATE } from "../phrases/dtmf.ts";
import type { Phrase, Speaker } from "../phrases/phrase.ts";
import { phraseByNumber } from "../phrases/phrase-book.ts";
import type { TranscribeRequest } from "./transcribe-request.ts";
import { type Writing, writeWords } from "./transcribe-words.ts";

/** One stretch of speech as the session knows it now. The session returns each final utterance once. */
export interface TranscribedUtterance {
  id: string;
  channel: number;
  /** null in standard transcription, whose channels have no roles. */
  role: Speaker | null;
  partial: boolean;
  beginMs: number;
  endMs: number;
  writing: Writing;
  /** null when the audio is not a phrase of the book in the session's language. */
  phrase: Phrase | null;
  languageCode: string;
}

export interface SessionOptions {
  request: TranscribeRequest;
  roles: readonly [Speaker, Speaker] | null;
  newId: () => string;
}

/** A phrase that has begun on a channel, with the state of its partial results. */
interface Speaking {
  id: string;
  event: PhraseEvent & { type: "begun" };
  shownWords: number;
}

/** Transcribes the channels of one stream. Time is the position in the audio, so the session needs no clock. */
export class TranscribeSession {
  readonly #options: SessionOptions;
  readonly #decoders: PhraseDecoder[];
  readonly #speaking: (Speaking | null)[];
  #language: string | null;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#decoders = Array.from({ length: options.request.channels }, () => new PhraseDecoder());
    this.#speaking = this.#decoders.map(() => null);
    this.#language = options.request.identifyLanguage ? null : (options.request.languages[0] ?? null);
  }

  /** The milliseconds of audio so far. */
  get positionMs(): number {
    return toMs(this.#decoders[0]?.position ?? 0);
  }

  /** Transcribes more audio. `channels` has one array of samples for each channel, all of the same length. */
  receiveAudio(channels: readonly Int16Array[]): TranscribedUtterance[] {
    return this.#decoders.flatMap((decoder, channel) => {
      const events = decoder.decodeSamples(channels[channel] ?? new Int16Array(0));
      const utterances = events.flatMap((event) => this.#finalUtterances(channel, event));
      return [...utterances, ...this.#partialUtterances(channel)];
    });
  }

  /** Ends the audio and returns the last final utterances. */
  endAudio(): TranscribedUtterance[] {
    return this.#decoders.flatMap((decoder, channel) =>
      decoder.endAudio().flatMap((event) => this.#finalUtterances(channel, event)),
    );
  }

  #finalUtterances(channel: number, event: PhraseEvent): TranscribedUtterance[] {
    if (event.type === "begun") {
      this.#speaking[channel] = { id: this.#options.newId(), event, shownWords: 0 };
      return [];
    }
    const id = this.#speaking[channel]?.id ?? this.#options.newId();
    this.#speaking[channel] = null;
    const phrase = event.type === "phrase" ? this.#phraseInLanguage(event.number) : null;
    const beginMs = toMs(event.begin);
    const endMs = toMs(event.end);
    return [this.#utterance(id, channel, phrase, beginMs, endMs, endMs, false)];
  }

  /** Returns a partial result when another whole word is complete. */
  #partialUtterances(channel: number): TranscribedUtterance[] {
    const speaking = this.#speaking[channel];
    if (speaking === null || speaking === undefined) return [];
    const phrase = this.#phraseInLanguage(speaking.event.number);
    if (phrase === null) return [];
    const beginMs = toMs(speaking.event.begin);
    const utterance = this.#utterance(
      speaking.id,
      channel,
      phrase,
      beginMs,
      toMs(speaking.event.expectedEnd),
      this.positionMs,
      true,
    );
    if (utterance.writing.words.length <= speaking.shownWords) return [];
    speaking.shownWords = utterance.writing.words.length;
    return [{ ...utterance, endMs: Math.min(utterance.endMs, this.positionMs) }];
  }

  #utterance(
    id: string,
    channel: number,
    phrase: Phrase | null,
    beginMs: number,
    endMs: number,
    untilMs: number,
    partial: boolean,
  ): TranscribedUtterance {
    const { request, roles } = this.#options;
    return {
      id,
      channel,
      role: roles?.[channel] ?? null,
      partial,
      beginMs,
      endMs,
      // "PII identification and redaction for streaming jobs is performed only upon complete transcription of the audio segments"
      // (Developer Guide, pii-redaction-stream), so a partial result shows the words as they were spoken.
      writing: writeWords(phrase, beginMs, endMs, untilMs, partial ? null : request.personalData),
      phrase,
      languageCode: this.#language ?? request.languages[0] ?? "",
    };
  }

  /** Returns the phrase when it is in the session's language. Language identification takes the language of the first phrase. */
  #phraseInLanguage(number: number): Phrase | null {
    const phrase = phraseByNumber(number);
    if (phrase === null) return null;
    this.#language ??= this.#options.request.languages.find((code) => code.startsWith(`${phrase.language}-`)) ?? null;
    return this.#language?.startsWith(`${phrase.language}-`) ? phrase : null;
  }
}

function toMs(samples: number): number {
  return Math.round((samples * 1000) / SAMPLE_RATE);
}
