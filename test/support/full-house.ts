import { shouldStartAgain } from "../../aws-ingest/call/call-lease.ts";
import { CallPlaces, freeAbandonedPlaces } from "../../aws-ingest/call/call-places.ts";
import { parseCheckpoint } from "../../aws-ingest/call/checkpoint.ts";
import { joinCall } from "../../aws-ingest/call/join-call.ts";
import { jobAgain, readLostJob } from "../../aws-ingest/call/lost-call.ts";
import {
  type CallState,
  INITIAL_STATE,
  parseTranscriberJob,
  type TranscriberJob,
} from "../../aws-ingest/call/transcriber-job.ts";
import { reservedFor } from "../../infra/reserved-concurrency.ts";
import { type LocalLambda, startLambda } from "../../local/aws/lambda.ts";
import type { LambdaContext } from "../../local/aws/lambda-function.ts";
import { seeded } from "./call-sound.ts";
import { MemoryCheckpoints } from "./memory-checkpoints.ts";
import { MemoryPlaces } from "./memory-places.ts";
import { JOB } from "./scripted-call.ts";
import { VirtualTime } from "./virtual-time.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
/** The deployed times: an invocation, the hand-over, checkpoints, the lease, the reserve behind the hand-over. */
const TIMEOUT_MS = 15 * MINUTE;
const HANDOVER_AFTER_MS = 780 * SECOND;
const CHECKPOINT_MS = 20 * SECOND;
const LEASE_MS = 45 * SECOND;
const OVERDUE_MS = 60 * SECOND;
const KEPT_MS = 24 * 60 * MINUTE;
const RESERVE_MS = 90 * SECOND;
/** Waits for places end so long before the invocation does: the reserve, and a minute of work. */
const WAIT_RESERVE_MS = RESERVE_MS + MINUTE;
/** The default of the setting. GetMedia delivers 5 fragments of about a second per second, so more is impossible. */
const CATCH_UP_SPEED = 4;
/** From the last word to the end of the run: the contact event is on its way. */
const TAIL_MS = 3 * SECOND;
/** The lengths are exponential: nine of ten calls last some minutes, one lasts long and is handed over. */
const MEAN_MINUTES = 6;
const LONG_SHARE = 0.1;
const LONG_MINUTES = 20;
const SHORT_MINUTES = (MEAN_MINUTES - LONG_SHARE * LONG_MINUTES) / (1 - LONG_SHARE);
const EPOCH = Date.UTC(2026, 10, 26);

export interface FullHouseOptions {
  /** `maxConcurrentCalls`. */
  capacity: number;
  /** Offered calls at once, as a share of the capacity: 1.6 = 160 %. */
  load: number;
  /** How long calls are offered. */
  hours: number;
  seed: number;
  /** `before`: one function for all, events of 60 s and no retries, as in version 0.1.0. */
  design: "places" | "before";
}

export interface FullHouseReport {
  offered: number;
  /** Calls whose every second was transcribed. */
  transcribed: number;
  /** Calls of which nothing was transcribed. */
  never: number;
  /** Calls whose transcription began and never ended. */
  cut: number;
  /** From the call's begin to the begin of its transcription, seconds. */
  lateSeconds: { median: number; p95: number; most: number };
  handovers: number;
  /** The longest wait of a running call between two invocations, seconds. */
  longestHandoverSeconds: number;
  /** The most calls that were transcribed at one moment. */
  mostAtOnce: number;
  mostInvocations: { newCalls: number; runningCalls: number };
}

interface OfferedCall {
  beginAt: number;
  lengthMs: number;
  firstRunAt: number | null;
  handedOverAt: number | null;
  isOver: boolean;
}

/**
 * Simulates a busy time of a contact center: calls arrive at random, last six minutes on average, and go
 * through the local Lambda, and the product's own decisions about checkpoints, places, hand-overs and restarts. Only the audio is
 * left out: a run transcribes at {@link CATCH_UP_SPEED} until it is live.
 */
export async function simulateFullHouse(options: FullHouseOptions): Promise<FullHouseReport> {
  return new FullHouse(options).run();
}

class FullHouse {
  readonly #options: FullHouseOptions;
  readonly #time = new VirtualTime();
  readonly #checkpoints = new MemoryCheckpoints();
  readonly #places = new MemoryPlaces(() => this.#time.now);
  readonly #random: () => number;
  readonly #calls = new Map<string, OfferedCall>();
  readonly #notes: string[] = [];
  readonly #invocations = { transcriber: 0, "transcriber-continue": 0 };
  readonly #most = { transcriber: 0, "transcriber-continue": 0 };
  #working = 0;
  #mostAtOnce = 0;
  #handovers = 0;
  #longestHandover = 0;
  #lambda: LocalLambda | null = null;

  constructor(options: FullHouseOptions) {
    this.#options = options;
    this.#random = seeded(options.seed);
  }

  async run(): Promise<FullHouseReport> {
    const { capacity, design, hours } = this.#options;
    const reserved = reservedFor(capacity);
    const handler = (event: unknown, context: LambdaContext) => this.#invocation(event, context);
    const note = (record: object) => void this.#notes.push(JSON.stringify(record));
    const common = { handler, timeoutMs: TIMEOUT_MS, onFailure: note };
    const before = {
      ...common,
      reservedConcurrency: Math.ceil(capacity * 1.1),
      maximumRetryAttempts: 0,
      maximumEventAgeSeconds: 60,
    };
    const places = { ...common, maximumEventAgeSeconds: 3600 };
    this.#lambda = await startLambda({
      functions:
        design === "before"
          ? { transcriber: before }
          : {
              transcriber: { ...places, reservedConcurrency: reserved.newCalls },
              "transcriber-continue": { ...places, reservedConcurrency: reserved.runningCalls },
            },
    });
    const running: Promise<void>[] = [];
    await this.#time.run(() => {
      running.push(this.#offerCalls(hours * 60 * MINUTE));
      if (design === "places") running.push(this.#watch());
    });
    await Promise.all(running);
    await this.#lambda.close();
    return this.#report();
  }

  async #offerCalls(untilMs: number): Promise<void> {
    const { capacity, load } = this.#options;
    const gapMs = (MEAN_MINUTES * MINUTE) / (capacity * load);
    for (let number = 0; this.#time.now < untilMs; number += 1) {
      const mean = (this.#random() < LONG_SHARE ? LONG_MINUTES : SHORT_MINUTES) * MINUTE;
      const lengthMs = Math.round(Math.max(20 * SECOND, -Math.log(1 - this.#random()) * mean));
      const contactId = `call-${number}`;
      const beginAt = this.#time.now;
      this.#calls.set(contactId, { beginAt, lengthMs, firstRunAt: null, handedOverAt: null, isOver: false });
      this.#start("transcriber", { ...JOB, contactId, startTimestamp: EPOCH + Math.round(beginAt), state: null });
      await this.#time.sleep(-Math.log(1 - this.#random()) * gapMs);
    }
  }

  #start(name: "transcriber" | "transcriber-continue", job: TranscriberJob): void {
    this.#lambda?.invokeLater(this.#options.design === "before" ? "transcriber" : name, job);
  }

  async #invocation(event: unknown, context: LambdaContext): Promise<unknown> {
    const name = context.functionName === "transcriber" ? "transcriber" : "transcriber-continue";
    this.#invocations[name] += 1;
    this.#most[name] = Math.max(this.#most[name], this.#invocations[name]);
    try {
      return await this.#transcribe(parseTranscriberJob(event), context);
    } finally {
      this.#invocations[name] -= 1;
    }
  }

  async #transcribe(asked: TranscriberJob, context: LambdaContext): Promise<unknown> {
    const remaining = context.getRemainingTimeInMillis();
    const mayWait = new AbortController();
    const waitLimit = setTimeout(() => mayWait.abort(), Math.max(0, remaining - WAIT_RESERVE_MS));
    const places = new CallPlaces({
      store: this.#places,
      capacity: this.#options.capacity,
      mayWait: mayWait.signal,
      onWait() {},
      onError() {},
      pause: (ms) => this.#time.sleep(ms),
      random: this.#random,
      now: () => EPOCH + this.#time.now,
    });
    this.#checkpoints.now = this.#time.now;
    const joined = await joinCall(asked, {
      store: this.#checkpoints,
      places: this.#options.design === "before" ? null : places,
      requestId: context.awsRequestId,
      run: context.logStreamName,
      intervalMs: CHECKPOINT_MS,
      leaseMs: LEASE_MS,
      lookMs: 5 * SECOND,
      onWrite() {},
      pause: (ms) => this.#time.sleep(ms),
    });
    clearTimeout(waitLimit);
    if (joined.kind === "leave") {
      if (joined.why === "full") this.#start("transcriber", asked);
      return joined;
    }
    const left = Math.min(HANDOVER_AFTER_MS, context.getRemainingTimeInMillis() - RESERVE_MS);
    this.#working += 1;
    this.#mostAtOnce = Math.max(this.#mostAtOnce, this.#working);
    try {
      return await this.#work(joined.job, joined.checkpoints, places, this.#time.now + left);
    } finally {
      this.#working -= 1;
    }
  }

  async #work(
    job: TranscriberJob,
    checkpoints: Extract<Awaited<ReturnType<typeof joinCall>>, { kind: "work" }>["checkpoints"],
    places: CallPlaces,
    handOverAt: number,
  ): Promise<unknown> {
    const call = this.#calls.get(job.contactId);
    if (call === undefined) throw new Error(`Nobody offered the call ${job.contactId}.`);
    call.firstRunAt ??= this.#time.now;
    if (call.handedOverAt !== null) this.#longestHandover = Math.max(this.#longestHandover, this.#time.now - call.handedOverAt);
    call.handedOverAt = null;
    const startedAt = this.#time.now;
    const begin = job.state?.transcribedUntil.customer ?? 0;
    /** How far the audio is transcribed at a moment: faster than it was spoken, and never ahead of it. */
    const reached = (at: number) => Math.min(begin + (at - startedAt) * CATCH_UP_SPEED, at - call.beginAt, call.lengthMs);
    const stateAt = (at: number): CallState => {
      const until = Math.round(reached(at));
      return { ...INITIAL_STATE, ...job.state, t0Ms: job.startTimestamp, transcribedUntil: { customer: until, agent: until } };
    };
    // A call that was over, or is over before this run has caught up, is transcribed as fast as it can be read.
    const endAt = Math.max(call.beginAt + call.lengthMs, startedAt + (call.lengthMs - begin) / CATCH_UP_SPEED) + TAIL_MS;
    for (;;) {
      const next = Math.min(endAt, handOverAt, this.#time.now + CHECKPOINT_MS);
      await this.#time.sleep(next - this.#time.now);
      this.#checkpoints.now = this.#time.now;
      const state = stateAt(this.#time.now);
      if (this.#time.now >= endAt) {
        await checkpoints?.write("done", state);
        if (job.place !== undefined) await places.freePlace(job.place, job.contactId);
        call.isOver = true;
        return { result: "ended" };
      }
      if (this.#time.now >= handOverAt) {
        const handedOver = { ...state, handoverCount: state.handoverCount + 1 };
        await checkpoints?.write("handed-over", handedOver);
        this.#handovers += 1;
        call.handedOverAt = this.#time.now;
        this.#start("transcriber-continue", { ...job, state: handedOver });
        return { result: "handed-over" };
      }
      await checkpoints?.write("running", state);
    }
  }

  /** Does what the watchdog's handler does each minute, as long as a call is open. */
  async #watch(): Promise<void> {
    do {
      await this.#time.sleep(MINUTE);
      this.#checkpoints.now = this.#time.now;
      for (const note of this.#notes.splice(0)) {
        const job = readLostJob(note, ["transcriber", "transcriber-continue"]);
        const stored = job && (await this.#checkpoints.readCheckpoint(job.contactId));
        const again = job !== null && stored === null ? jobAgain(job, EPOCH + this.#time.now, KEPT_MS) : null;
        if (again !== null) this.#start("transcriber", again);
      }
      for (const [contactId, { isOver, firstRunAt }] of this.#calls) {
        if (isOver || firstRunAt === null) continue;
        const stored = await this.#checkpoints.readCheckpoint(contactId);
        const checkpoint = stored && parseCheckpoint(stored.body);
        if (stored === null || checkpoint === null || !shouldStartAgain(checkpoint, stored.ageMs, OVERDUE_MS, KEPT_MS)) continue;
        this.#start("transcriber-continue", { ...checkpoint.job, state: null });
      }
      const readCheckpoint = this.#checkpoints.readCheckpoint.bind(this.#checkpoints);
      await freeAbandonedPlaces(Object.assign(this.#places, { readCheckpoint }));
    } while ([...this.#calls.values()].some(({ isOver }) => !isOver));
  }

  #report(): FullHouseReport {
    const calls = [...this.#calls.values()];
    const late = calls.flatMap(({ firstRunAt, beginAt }) => (firstRunAt === null ? [] : [(firstRunAt - beginAt) / SECOND]));
    const sorted = late.toSorted((a, b) => a - b);
    const at = (share: number) => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
    return {
      offered: calls.length,
      transcribed: calls.filter(({ isOver }) => isOver).length,
      never: calls.filter(({ firstRunAt }) => firstRunAt === null).length,
      cut: calls.filter(({ isOver, firstRunAt }) => firstRunAt !== null && !isOver).length,
      lateSeconds: { median: at(0.5), p95: at(0.95), most: at(1) },
      handovers: this.#handovers,
      longestHandoverSeconds: Math.round(this.#longestHandover / SECOND),
      mostAtOnce: this.#mostAtOnce,
      mostInvocations: { newCalls: this.#most.transcriber, runningCalls: this.#most["transcriber-continue"] },
    };
  }
}
