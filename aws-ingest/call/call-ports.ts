import type { SentimentLabel, Update } from "../../protocol/updates.ts";
import type { CheckpointPhase } from "./checkpoint.ts";
import type { SpeechEvent, SpeechOption, SpeechRequest } from "./speech.ts";
import type { CallState, TranscriberJob } from "./transcriber-job.ts";

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
  /** Keeps the call's state outside this process. null means that the call ends with its process. */
  checkpoints?: CheckpointPort | null;
  /** Says whether the contact is over. null means that two silences, or another contact's audio, end the call. */
  end?: CallEndPort | null;
  /** Says when an agent joined. null means that the conversation begins with the audio. */
  agents?: AgentPort | null;
}

/** A checkpoint as the store has it. */
export interface StoredCheckpoint {
  body: string;
  /** Names this version. Another version of the same contact has another tag. */
  tag: string;
  /** How long ago it was written, in ms on the store's own clock. */
  ageMs: number;
}

/**
 * The result of a conditional write. `written`: it is stored under the new tag. `overtaken`: the stored version is another one.
 * `contended`: another write was under way, so it is unknown which version is stored. `gone`: the previous version was deleted.
 */
export type CheckpointWrite = { kind: "written"; tag: string } | { kind: "overtaken" | "contended" | "gone" };

/** The checkpoints of one instance, by contact id. Every method throws the client's error after its own retries. */
export interface CheckpointStore {
  readCheckpoint(contactId: string): Promise<StoredCheckpoint | null>;
  /** Writes only if the stored version has the tag `previous`, or if there is none and `previous` is null. */
  writeCheckpoint(contactId: string, body: string, previous: string | null): Promise<CheckpointWrite>;
}

/** One place for a call that is transcribed. Places are numbered from 0. */
export interface ListedPlace {
  number: number;
  taken: boolean;
  /** Names this version of the place. */
  tag: string;
}

/** The places of one instance. Every method throws the client's error after its own retries. */
export interface PlaceStore {
  /** Returns the places that were ever taken. */
  listPlaces(): Promise<ListedPlace[]>;
  /** Returns who has the place, or null for a place that nobody has. `ageMs` counts since it was taken, on the store's clock. */
  readPlace(number: number): Promise<{ contactId: string; tag: string; ageMs: number } | null>;
  /**
   * Gives the place to a contact, or to nobody (null), only if its version is `previous`, or if it was never taken and `previous`
   * is null. Returns whether it was written.
   */
  writePlace(number: number, contactId: string | null, previous: string | null): Promise<boolean>;
}

/** `lost`: another run has taken the call over, and this one has to stop without a trace. `failed`: the store is away. */
export type CheckpointResult = "written" | "lost" | "failed";

/** The checkpoints of one run of a call. */
export interface CheckpointPort {
  /** Aborts when another run has taken the call over. */
  readonly lost: AbortSignal;
  /** How many runs before this one got no further than the call was before. */
  readonly fruitlessStarts: number;
  /** Begins to write on its own. `snapshot` returns the state of the call at the moment of a write. */
  start(snapshot: () => Promise<CallState>): void;
  /** Ends the writing on its own. */
  stop(): void;
  /** Writes soon: something has changed that is slow to do again, or something slow begins. */
  noteChange(): void;
  /** Writes the state of the call now. Resolves when it is stored, or after half a second. */
  writeNow(): Promise<void>;
  /** Writes this state now, after a write that is under way. */
  write(phase: CheckpointPhase, state: CallState): Promise<CheckpointResult>;
}

/** Says whether a contact is over. The end of its audio does not say so. */
export interface CallEndPort {
  /** Whether a contact event has said so. Cheap, so it may be asked at every silence. @throws the client's error */
  isMarkedOver(): Promise<boolean>;
  /** Asks Amazon Connect. All calls of the account share ten requests a second. `unknown`: no answer, try later. Never throws. */
  askConnect(signal: AbortSignal): Promise<"over" | "going-on" | "unknown">;
}

/**
 * When an agent joined the contact. `waiting`: nobody has yet. `later`: there is no answer now. `unavailable`: nobody can say, so the
 * conversation begins with the audio.
 */
export type AgentJoin = { kind: "joined"; atMs: number } | { kind: "waiting" | "later" | "unavailable" };

export interface AgentPort {
  /** Asks Amazon Connect. All calls of the account share ten requests a second. Never throws. */
  askJoined(signal: AbortSignal): Promise<AgentJoin>;
}

/** Where to read a stream from: at a time (epoch ms), or behind the named fragment, which is not sent again. */
export type MediaStart = { from: "time"; epochMs: number } | { from: "fragment"; after: string };

/** One connection to a stream. */
export interface MediaConnectionPlan {
  streamArn: string;
  /** The bytes end when the connection has been silent for so long. */
  idleMs: number;
}

export interface MediaPort {
  /**
   * Reads the bytes of a stream. They end when the connection ends, or when it stays silent for some seconds.
   * @throws the client's error when the stream cannot be opened.
   */
  readMedia(start: MediaStart, signal: AbortSignal, plan: MediaConnectionPlan): AsyncIterable<Uint8Array>;
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
