import { setTimeout as sleep } from "node:timers/promises";
import { CallCheckpoints } from "./call-checkpoints.ts";
import { decideStart, type LeaseTimes, stateOf } from "./call-lease.ts";
import type { CheckpointStore } from "./call-ports.ts";
import { parseCheckpoint, progressOf } from "./checkpoint.ts";
import type { TranscriberJob } from "./transcriber-job.ts";

export interface JoinOptions extends LeaseTimes {
  store: CheckpointStore;
  /** Lambda's request id, which its own retries share. */
  requestId: string;
  /** Names this run alone. */
  run: string;
  intervalMs: number;
  onWrite(errorName: string | null): void;
}

/** `work`: this run has the call, with this job and its state. `leave`: another run has it, or the call is over. */
export type JoinedCall =
  | { kind: "work"; job: TranscriberJob; checkpoints: CallCheckpoints | null }
  | { kind: "leave"; why: "alive" | "over" };

/**
 * Finds out what a run of this job has to do: begin, go on from the call's checkpoint, or leave. Waits while another run may be
 * alive. A store that is away never holds a call up: the run works without checkpoints.
 */
export async function joinCall(job: TranscriberJob, options: JoinOptions): Promise<JoinedCall> {
  const { store, requestId, run, intervalMs, onWrite } = options;
  let seenNumber: number | null = null;
  for (;;) {
    const stored = await store.readCheckpoint(job.contactId).catch((error: unknown) => {
      onWrite(error instanceof Error ? error.name : "unknown");
      return undefined;
    });
    if (stored === undefined) return { kind: "work", job, checkpoints: null };
    const found = stored && { checkpoint: parseCheckpoint(stored.body), ageMs: stored.ageMs };
    const decision = decideStart(job, requestId, found, seenNumber, options);
    if (decision.kind === "leave") return decision;
    seenNumber ??= found?.checkpoint?.number ?? null;
    if (decision.kind === "wait") {
      await sleep(decision.ms);
      continue;
    }
    const state = decision.kind === "begin" ? stateOf(job) : decision.state;
    const work = decision.kind === "begin" ? job : decision.job;
    const fruitlessStarts = decision.kind === "begin" ? 0 : decision.fruitlessStarts;
    const head = { requestId, run, fruitlessStarts, begunAt: progressOf(state), job: work };
    const previous = stored && { tag: stored.tag, number: found?.checkpoint?.number ?? 0 };
    const checkpoints = new CallCheckpoints({ store, head, previous, intervalMs, onWrite });
    // Another run that was quicker has the call: look again.
    if ((await checkpoints.write("running", state)) === "lost") continue;
    return { kind: "work", job: { ...work, state }, checkpoints };
  }
}
