import { setTimeout as sleep } from "node:timers/promises";
import { CallCheckpoints } from "./call-checkpoints.ts";
import { decideStart, type FoundCheckpoint, type LeaseTimes, stateOf } from "./call-lease.ts";
import type { CallPlaces } from "./call-places.ts";
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
  /** Where a new call gets its place. null: the number of calls has no limit. */
  places: PlacePort | null;
  /** Waits so many ms. */
  pause?: (ms: number) => Promise<unknown>;
}

/** The places, as a run sees them. */
export type PlacePort = Pick<CallPlaces, "waitForPlace" | "freePlace">;

/**
 * `work`: this run has the call, with this job and its state. `leave`: another run has it (`alive`), the call is over, or all
 * places are taken and the time to wait for one is over (`full`).
 */
export type JoinedCall =
  | { kind: "work"; job: TranscriberJob; checkpoints: CallCheckpoints | null }
  | { kind: "leave"; why: "alive" | "over" | "full" };

/**
 * Finds out what a run of this job has to do: begin, go on from the call's checkpoint, or leave. Waits while another run may be
 * alive. A new call waits for a place; a running one has its place and waits for nobody.
 * A store that is away never holds a call up: the run works without checkpoints.
 */
export async function joinCall(job: TranscriberJob, options: JoinOptions): Promise<JoinedCall> {
  const { store, requestId, run, intervalMs, onWrite, places, pause = sleep } = options;
  const { contactId } = job;
  /** A place that this run has got and no checkpoint names yet. */
  let place: number | null = null;
  const giveBack = async (found: FoundCheckpoint | null): Promise<void> => {
    // Two runs of one call that looked for a place at once may have got the same one. Then it belongs to the run that works.
    if (place !== null && !isPlaceOf(found, place)) await places?.freePlace(place, contactId);
    place = null;
  };
  let seenNumber: number | null = null;
  for (;;) {
    const stored = await store.readCheckpoint(contactId).catch((error: unknown) => {
      onWrite(error instanceof Error ? error.name : "unknown");
      return undefined;
    });
    if (stored === undefined) return { kind: "work", job: placed(job, place), checkpoints: null };
    const found = stored && { checkpoint: parseCheckpoint(stored.body), ageMs: stored.ageMs };
    const decision = decideStart(job, requestId, found, seenNumber, options);
    if (decision.kind === "leave") {
      await giveBack(found);
      return decision;
    }
    seenNumber ??= found?.checkpoint?.number ?? null;
    if (decision.kind === "wait") {
      await pause(decision.ms);
      continue;
    }
    const isNew = isNewCall(job, found);
    if (!isNew) await giveBack(found);
    else if (places !== null && place === null) {
      const got = await places.waitForPlace(contactId, job.startTimestamp);
      if (got === "full") return { kind: "leave", why: "full" };
      if (got !== "unknown") {
        place = got;
        // The wait may have been long. Another run may have begun the call meanwhile.
        continue;
      }
    }
    const state = decision.kind === "begin" ? stateOf(job) : decision.state;
    const asked = decision.kind === "begin" ? job : decision.job;
    const work = isNew ? placed(asked, place) : asked;
    const fruitlessStarts = decision.kind === "begin" ? 0 : decision.fruitlessStarts;
    const head = { requestId, run, fruitlessStarts, begunAt: progressOf(state), job: work };
    const previous = stored && { tag: stored.tag, number: found?.checkpoint?.number ?? 0 };
    const checkpoints = new CallCheckpoints({ store, head, previous, intervalMs, onWrite });
    // Another run that was quicker has the call: look again.
    if ((await checkpoints.write("running", state)) === "lost") continue;
    return { kind: "work", job: { ...work, state }, checkpoints };
  }
}

/** Whether nobody transcribes this call yet. A call that was over and goes on has given its place back. */
function isNewCall(job: TranscriberJob, found: FoundCheckpoint | null): boolean {
  if (found === null || found.checkpoint === null) return job.state === null;
  return found.checkpoint.phase === "done";
}

/** Whether the checkpoint of a call that goes on names this place. */
function isPlaceOf(found: FoundCheckpoint | null, place: number): boolean {
  const checkpoint = found?.checkpoint ?? null;
  return checkpoint !== null && checkpoint.phase !== "done" && checkpoint.job.place === place;
}

function placed({ place: _, ...job }: TranscriberJob, place: number | null): TranscriberJob {
  return place === null ? job : { ...job, place };
}
