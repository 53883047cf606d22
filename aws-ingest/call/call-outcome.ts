import type { RecordingPlace } from "./call-archive.ts";

export interface CallSettings {
  /** Aborts when it is time to hand over. */
  timeToHandOver: AbortSignal;
  maxHandovers: number;
  /** How many times faster than real time piled-up audio may be sent. */
  catchUpSpeed: number;
  /** How long a media connection stays silent before the port ends it. */
  idleMs: number;
  /** Personal data is masked: only text that the service confirmed to mask leaves the function. Absent = false. */
  redactPii?: boolean;
  /** The recording is silenced where the transcript is masked. Absent = false. */
  maskRecordings?: boolean;
}

/** The result of one invocation. */
export interface CallOutcome {
  /**
   * `ended`: the contact's audio is over, and its end is posted. `handed-over`: the next invocation goes on. `superseded`:
   * another transcriber of the same contact took over. `failed`: the stream, the speech service or the hand-over gave up.
   * `waiting`: all places are taken, and the next invocation waits for one.
   * `interrupted`: like `failed`, but the fault may pass, and another invocation can go on from the checkpoint.
   */
  result: "ended" | "handed-over" | "superseded" | "failed" | "interrupted" | "waiting";
  /** Scored turns of the call so far. */
  turns: number;
  /** Those of this invocation. */
  newTurns: number;
  /** Audio of the call so far, in ms. */
  audioMs: number;
  /** The part that this invocation read. */
  newAudioMs: number;
  /** Why some audio is missing. Empty means complete. The codes are in docs/operate.md. */
  incompleteReasons: string[];
  /** Updates that the hub did not accept. */
  undelivered: number;
  /** false: no agent has joined, so there was nothing to transcribe. */
  agentJoined?: false;
  /** Where the recording is. Absent before the end of the call, and when there is none. */
  recording?: RecordingPlace;
}
