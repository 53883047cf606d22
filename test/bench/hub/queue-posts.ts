import { type PreparedPost, scoresAnd, updatesPost } from "./posts.ts";

const QUEUES = 50;
/** Old enough that each call can have ended. */
const FIRST_CALL_AT = Date.now() - 10 * 60_000;

/** Returns a snapshot of all queues. Every agent serves them. */
export function queuesPost(): PreparedPost {
  const queues = Array.from({ length: QUEUES }, (_, index) => ({ queueId: `q${index}`, name: `Queue ${index}`, channels: [] }));
  const profiles = [{ name: "Basic Routing Profile", queues: queues.map(({ queueId }) => queueId) }];
  return updatesPost([{ type: "queue.snapshot", takenAt: Date.now(), complete: true, queues, profiles }]);
}

/** Returns a post with scores, and with contacts that enter a queue, are answered and end in turn. */
export function busyPost(post: number, round: number, indexes: readonly number[], events: number): PreparedPost {
  return scoresAnd(
    round,
    indexes,
    Array.from({ length: events }, (_, offset) => queueEvent(post * events + offset)),
  );
}

function queueEvent(event: number): object {
  const [call, step] = [Math.floor(event / 3), event % 3];
  const enqueuedAt = FIRST_CALL_AT + call;
  const known = { contactId: `bench-${call}`, channel: "voice", method: "inbound", queueId: `q${call % QUEUES}`, enqueuedAt };
  const times = { connectedAt: enqueuedAt + 10_000, endedAt: enqueuedAt + 60_000 };
  if (step === 0) return { type: "contact.queue", ...known, occurredAt: enqueuedAt };
  if (step === 1) return { type: "contact.queue", ...known, connectedAt: times.connectedAt, occurredAt: times.connectedAt };
  return { type: "contact.queue", ...known, ...times, occurredAt: times.endedAt };
}
