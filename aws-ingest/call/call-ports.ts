import type { SentimentLabel, Update } from "../../protocol/updates.ts";
import type { SpeechEvent, SpeechOption, SpeechRequest } from "./speech.ts";
import type { TranscriberJob } from "./transcriber-job.ts";

/** Everything that a call needs from outside. `clients/` implements these ports, and the transcriber's handler joins them. */
export interface CallPorts {
  media: MediaPort;
  speech: SpeechPort;
  sentiment: SentimentPort;
  hub: HubPort;
  /** Starts the next invocation for the same call. null means that this invocation has no time limit. */
  handOver: ((job: TranscriberJob) => Promise<void>) | null;
  observer: CallObserver;
  /** Stores recordings and transcripts. null means that nothing is recorded. */
  recordings: RecordingBucket | null;
}

/** Where to read a stream from: at a time (epoch ms), or behind the named fragment, which is not sent again. */
export type MediaStart = { from: "time"; epochMs: number } | { from: "fragment"; after: string };

export interface MediaPort {
  /**
   * Reads the bytes of the contact's stream. They end when the connection ends, or when it stays silent for some seconds.
   * @throws the client's error when the stream cannot be opened.
   */
  readMedia(start: MediaStart, signal: AbortSignal): AsyncIterable<Uint8Array>;
}

export interface SpeechPort {
  /** Runs one transcription session. @throws SpeechFailure when the session breaks off. */
  transcribe(request: SpeechRequest): AsyncIterable<SpeechEvent>;
}

export interface SentimentPort {
  /** Returns the sentiment of a turn that the speech service does not label, or null when the language has none. */
  sentimentOf(text: string, languageCode: string): Promise<SentimentLabel | null>;
}

export interface HubPort {
  /** Never throws: it counts the updates that it could not deliver. `watched` lists the contacts that somebody watches. */
  postUpdates(updates: readonly Update[]): Promise<{ watched: readonly string[]; undelivered: number }>;
}

/** Number and ETag of a part that S3 has stored. */
export type UploadedPart = [number: number, etag: string];

/** Objects of one bucket. Every method throws the client's error after its own retries. */
export interface RecordingStore {
  putObject(key: string, body: Uint8Array | string, contentType: string): Promise<void>;
  /** Begins a multipart upload and returns its id. */
  beginUpload(key: string, contentType: string): Promise<string>;
  /** Uploads one part and returns its ETag. */
  uploadPart(key: string, uploadId: string, number: number, body: Uint8Array): Promise<string>;
  completeUpload(key: string, uploadId: string, parts: readonly UploadedPart[]): Promise<void>;
  abortUpload(key: string, uploadId: string): Promise<void>;
}

/** A store that knows its name, for whoever looks for a recording later. */
export interface RecordingBucket extends RecordingStore {
  readonly bucket: string;
}

/** Receives what the metrics and logs of a call need. */
export interface CallObserver {
  /** A fragment was read that is this many ms behind the newest of the stream. */
  fragmentRead(msBehindLive: number): void;
  /** A transcription session is over that received this many ms of audio. Repeated audio counts again. */
  audioSent(ms: number): void;
  /** A transcription session broke off and is repeated. */
  sessionRestarted(reason: string, code: string): void;
  /** The service refused this option for the first time in the call. The call goes on without it. */
  optionRefused?(option: SpeechOption): void;
  /** The service refused the call itself. Nobody transcribes the rest, and the recording goes on. */
  transcriptionFailed?(code: string): void;
  /** The text of a turn was withheld, because personal data is to be masked and the service did not mask it. */
  textWithheld?(): void;
}
