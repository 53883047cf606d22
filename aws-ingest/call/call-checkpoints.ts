import { setTimeout as sleep } from "node:timers/promises";
import { backoffMs } from "../../protocol/backoff.ts";
import type { CheckpointPort, CheckpointResult, CheckpointStore, CheckpointWrite } from "./call-ports.ts";
import { type Checkpoint, type CheckpointPhase, hasOwner, parseCheckpoint } from "./checkpoint.ts";
import type { CallState, TranscriberJob } from "./transcriber-job.ts";

/** A turn waits this long at most for the checkpoint that knows it. S3 usually answers within 50 ms. */
const LONGEST_WAIT_MS = 500;
/** One write tries so often before it waits for the next one. */
const MAX_ATTEMPTS = 5;
const CONTENDED_BACKOFF = { firstMs: 100, longestMs: 1000 };

/** What all checkpoints of one run have in common. */
export type CheckpointHead = Pick<Checkpoint, "requestId" | "run" | "fruitlessStarts" | "begunAt"> & { job: TranscriberJob };

export interface CallCheckpointsOptions {
  store: CheckpointStore;
  head: CheckpointHead;
  /** The version on which this run builds. null: there is none. */
  previous: { tag: string; number: number } | null;
  /** A checkpoint is at most this old, ms. */
  intervalMs: number;
  /** Receives null after each written checkpoint, and the name of the error when the store failed. */
  onWrite(errorName: string | null): void;
}

/**
 * Writes the checkpoints of one run: every {@link CallCheckpointsOptions.intervalMs}, before final turns are posted, and before
 * anything slow. Each write is conditional on the one before. The first that another run has overtaken ends this run.
 */
export class CallCheckpoints implements CheckpointPort {
  readonly #options: CallCheckpointsOptions;
  readonly #lost = new AbortController();
  #tag: string | null;
  #number: number;
  #snapshot: (() => CallState | Promise<CallState>) | null = null;
  #writing: Promise<CheckpointResult> = Promise.resolve("written");
  #timer: NodeJS.Timeout | null = null;
  #begunAt = Date.now();
  /** A write that has not begun yet. It will hold every change until then. */
  #next: Promise<CheckpointResult> | null = null;

  constructor(options: CallCheckpointsOptions) {
    this.#options = options;
    this.#tag = options.previous?.tag ?? null;
    this.#number = options.previous?.number ?? 0;
  }

  /** Aborts when another run has taken the call over. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /** How many runs before this one got no further than the call was before. */
  get fruitlessStarts(): number {
    return this.#options.head.fruitlessStarts;
  }

  /** Begins to write on its own. `snapshot` returns the state of the call at the moment of a write. */
  start(snapshot: () => CallState | Promise<CallState>): void {
    this.#snapshot = snapshot;
    this.#schedule();
  }

  /** Writes soon: something has changed that is slow to do again, or something slow begins. */
  noteChange(): void {
    void this.writeNow();
  }

  /**
   * Writes the state of the call now. Resolves when it is stored, or after half a second: a store that is away must not hold a
   * turn back. A turn that is posted before it is stored may get another id when its process dies.
   */
  async writeNow(): Promise<void> {
    if (this.#snapshot === null) return;
    this.#next ??= this.#queue(() => this.#writeSnapshot());
    const waiting = new AbortController();
    await Promise.race([this.#next, sleep(LONGEST_WAIT_MS, undefined, { signal: waiting.signal }).catch(() => {})]);
    waiting.abort();
  }

  /** Ends the writing on its own. */
  stop(): void {
    this.#snapshot = null;
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  /** Writes this state now, after a write that is under way. */
  async write(phase: CheckpointPhase, state: CallState): Promise<CheckpointResult> {
    return this.#queue(async () => this.#writeState(phase, state));
  }

  #schedule(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (this.#snapshot === null || this.#lost.signal.aborted) return;
    const wait = this.#begunAt + this.#options.intervalMs - Date.now();
    this.#timer = setTimeout(() => this.noteChange(), Math.max(0, wait));
    this.#timer.unref();
  }

  async #writeSnapshot(): Promise<CheckpointResult> {
    this.#next = null;
    if (this.#snapshot === null) return "written";
    return this.#writeState("running", await this.#snapshot());
  }

  #queue(write: () => Promise<CheckpointResult>): Promise<CheckpointResult> {
    this.#writing = this.#writing.then(async () => {
      if (this.#lost.signal.aborted) return "lost";
      this.#begunAt = Date.now();
      const result = await write();
      if (result === "lost") this.#lost.abort();
      this.#schedule();
      return result;
    });
    return this.#writing;
  }

  async #writeState(phase: CheckpointPhase, state: CallState): Promise<CheckpointResult> {
    const { head, onWrite } = this.#options;
    const number = this.#number + 1;
    const job = { ...head.job, state: null };
    const body = JSON.stringify({ version: 1, number, ...head, phase, job, state });
    try {
      for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
        const result = await this.#writeOnce(body, number);
        if (result === null) {
          await sleep(backoffMs(attempt - 1, CONTENDED_BACKOFF, Math.random()));
          continue;
        }
        if (result === "written") onWrite(null);
        return result;
      }
      onWrite("Contended");
    } catch (error) {
      onWrite(error instanceof Error ? error.name : "unknown");
    }
    return "failed";
  }

  /** Returns null when the same body is to be written once more, on the version that is known now. */
  async #writeOnce(body: string, number: number): Promise<"written" | "lost" | null> {
    const { store, head } = this.#options;
    const result: CheckpointWrite = await store.writeCheckpoint(head.job.contactId, body, this.#tag);
    if (result.kind === "written") return this.#build(result.tag, number);
    const stored = result.kind === "gone" ? null : await store.readCheckpoint(head.job.contactId);
    if (stored === null) {
      this.#tag = null;
      return null;
    }
    const theirs = parseCheckpoint(stored.body);
    if (theirs?.run === head.run) {
      // The answer of this write, or of an earlier one, was lost.
      if (theirs.number === number) return this.#build(stored.tag, number);
      this.#tag = stored.tag;
      return null;
    }
    if (hasOwner(stored.body)) return result.kind === "contended" && stored.tag === this.#tag ? null : "lost";
    this.#tag = stored.tag;
    return null;
  }

  #build(tag: string, number: number): "written" {
    this.#tag = tag;
    this.#number = number;
    return "written";
  }
}
