import { knowsMore, shouldStartAgain } from "../call/call-lease.ts";
import { freeAbandonedPlaces } from "../call/call-places.ts";
import { parseCheckpoint } from "../call/checkpoint.ts";
import { jobAgain, readLostJob } from "../call/lost-call.ts";
import { type CheckpointList, type ListedCheckpoint, openCheckpointList } from "../clients/checkpoint-list.ts";
import { type FailedEvent, openFailedQueue } from "../clients/failed-queue.ts";
import { startFunction } from "../clients/lambda.ts";
import { openPlaces } from "../clients/places.ts";
import { type InvocationContext, timeUp } from "../runtime/invocation.ts";
import { createLog, type Log } from "../runtime/log.ts";
import { createMeter } from "../runtime/meter.ts";
import { readWatchdogSettings, type WatchdogSettings } from "../runtime/settings.ts";

/** Time to finish what has begun before Lambda ends the invocation. */
const RESERVE_MS = 10_000;
/** Objects that are read at once. */
const READ_AT_ONCE = 20;
/** A call that was started again may wait in Lambda's queue for a place. It is not started once more before this, ms. */
const PATIENCE_MS = 180_000;

/** Versions of checkpoints whose call is over. They stay for a day, and each is read once by each container. */
const finished = new Set<string>();
/** Version of a checkpoint -> when its call was started again, epoch ms. */
const startedAt = new Map<string, number>();
/** A day has some ten thousand calls. More than this is a memory leak. */
const MAX_REMEMBERED = 200_000;

/**
 * Starts the transcriber again for calls that lost theirs: a process died and Lambda's retries are used up or not due, a hand-over
 * was dropped, or an event waited too long. It runs each minute. A needless start does no harm, because the transcriber leaves a
 * call that another one works on.
 * @throws ConfigError, and the SDK's errors
 */
export async function handler(
  _event: unknown = null,
  context: InvocationContext | null = null,
): Promise<{ startedAgain: number }> {
  const log = createLog("watchdog");
  const meter = createMeter("watchdog");
  const settings = readWatchdogSettings(process.env);
  const list = openCheckpointList(settings.checkpointsBucket, settings.instanceId);
  const end = timeUp(context, RESERVE_MS);
  try {
    const overdue = await startOverdueCalls(list, settings, end, log);
    if (settings.maxCalls !== null) await freePlaces(settings, list, log);
    const lost = settings.failedQueueUrl === null ? 0 : await startLostCalls(list, settings, settings.failedQueueUrl, end, log);
    if (overdue + lost > 0) meter.add("CallsStartedAgain", overdue + lost);
    return { startedAgain: overdue + lost };
  } finally {
    list.close();
    meter.flush();
  }
}

async function startOverdueCalls(list: CheckpointList, settings: WatchdogSettings, end: AbortSignal, log: Log): Promise<number> {
  let count = 0;
  if (finished.size > MAX_REMEMBERED) finished.clear();
  for await (const page of list.pages()) {
    const suspects = page.filter((listed) => listed.ageMs >= settings.overdueMs && !finished.has(versionOf(listed)));
    for (let from = 0; from < suspects.length && !end.aborted; from += READ_AT_ONCE) {
      const started = suspects.slice(from, from + READ_AT_ONCE).map((listed) =>
        startOverdueCall(list, listed, settings, log).catch((error: unknown) => {
          const name = error instanceof Error ? error.name : "unknown";
          log.error("A call that may have lost its transcriber could not be started again. The next run tries it.", {
            error: name,
          });
          return false;
        }),
      );
      count += (await Promise.all(started)).filter(Boolean).length;
    }
  }
  return count;
}

/** Returns whether the call was started again. @throws the SDK's errors */
async function startOverdueCall(
  list: CheckpointList,
  listed: ListedCheckpoint,
  settings: WatchdogSettings,
  log: Log,
): Promise<boolean> {
  const stored = await list.read(listed.key);
  if (stored === null) return false;
  const version = versionOf({ key: listed.key, tag: stored.tag });
  const checkpoint = parseCheckpoint(stored.body);
  if (checkpoint === null || checkpoint.phase === "done") {
    finished.add(version);
    return false;
  }
  if (!shouldStartAgain(checkpoint, stored.ageMs, settings.overdueMs, settings.streamKeptMs)) return false;
  if (Date.now() - (startedAt.get(version) ?? Number.NEGATIVE_INFINITY) < PATIENCE_MS) return false;
  const { contactId } = checkpoint.job;
  await startFunction(settings.continueFunction, { ...checkpoint.job, state: null });
  for (const [known, at] of startedAt) if (Date.now() - at >= PATIENCE_MS) startedAt.delete(known);
  startedAt.set(version, Date.now());
  log.warn("A call had lost its transcriber. It is started again, and goes on from its checkpoint.", {
    contactId,
    phase: checkpoint.phase,
    silentSeconds: Math.round(stored.ageMs / 1000),
    fruitlessStarts: checkpoint.fruitlessStarts,
  });
  return true;
}

/** Starts the calls of which Lambda's notes say that no attempt is left. Leaves every other note to the operator. */
async function startLostCalls(
  list: CheckpointList,
  settings: WatchdogSettings,
  queueUrl: string,
  end: AbortSignal,
  log: Log,
): Promise<number> {
  const queue = openFailedQueue(queueUrl);
  const seen = new Set<string>();
  let count = 0;
  try {
    for (let news = true; news && !end.aborted; ) {
      const events = (await queue.receiveEvents()).filter(({ messageId }) => !seen.has(messageId));
      news = events.length > 0;
      for (const event of events) {
        seen.add(event.messageId);
        try {
          if (await startLostCall(event, list, settings, log)) count += 1;
        } catch (error) {
          const name = error instanceof Error ? error.name : "unknown";
          log.error("A call that Lambda had given up could not be started again. The next run tries it.", { error: name });
        }
      }
    }
  } finally {
    queue.close();
  }
  return count;
}

/** Returns whether the note's call was started again. @throws the SDK's errors */
async function startLostCall(
  { body, deleteMessage }: FailedEvent,
  list: CheckpointList,
  settings: WatchdogSettings,
  log: Log,
): Promise<boolean> {
  const job = readLostJob(body, [settings.transcriberFunction, settings.continueFunction]);
  if (job === null) return false;
  const stored = await list.readOf(job.contactId);
  const checkpoint = stored && parseCheckpoint(stored.body);
  if (checkpoint !== null && !knowsMore(job, checkpoint)) {
    // A call with a checkpoint is found by the checkpoint's age. One that is over needs nothing.
    const goesOn = shouldStartAgain(checkpoint, stored?.ageMs ?? 0, 0, settings.streamKeptMs);
    if (checkpoint.phase === "done" || goesOn) await deleteMessage();
    return false;
  }
  const again = jobAgain(job, Date.now(), settings.streamKeptMs);
  if (again === null) return false;
  // A hand-over is of a running call, also when it left no checkpoint.
  await startFunction(again.state === null ? settings.transcriberFunction : settings.continueFunction, again);
  log.warn("Lambda had given a call up before it began. It is started again.", { contactId: job.contactId });
  await deleteMessage();
  return true;
}

/** Frees the places of calls that are over or gone. A fault costs nothing but a minute. */
async function freePlaces(settings: WatchdogSettings, list: CheckpointList, log: Log): Promise<void> {
  const places = openPlaces(settings.checkpointsBucket, settings.instanceId);
  try {
    const freed = await freeAbandonedPlaces({ ...places, readCheckpoint: (contactId) => list.readOf(contactId) });
    if (freed > 0) log.info("Places of calls that are over were still taken. They are free.", { freed });
  } catch (error) {
    const name = error instanceof Error ? error.name : "unknown";
    log.warn("The places of calls could not be looked at. The next run tries it.", { error: name });
  } finally {
    places.close();
  }
}

function versionOf({ key, tag }: { key: string; tag: string }): string {
  return `${key} ${tag}`;
}
