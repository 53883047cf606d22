// `npm run bench:queues`: events of contacts in queues against the real workerd. It prints how many a second the hub stores, beside
// scores of agents in posts of the same size, and how many rows an event costs. docs/load.md has the figures.
import { scorePost, seedAgents, send, updatesPost } from "./hub/posts.ts";
import { startServer } from "./hub/servers.ts";
import { INSTANCE } from "./hub/workerd-config.ts";

const QUEUES = 50;
const AGENTS = 200;
/** As many as a center of some 60,000 calls an hour has in ten seconds. */
const EVENTS = 5000;
const EVENTS_PER_POST = 10;
const CALLS = 100;

const server = await startServer("vigia", { agents: AGENTS });

/** The times of a call that is answered after 10 s and ends after a minute, as far as they are known at each of its events. */
function eventsOf(call: number): object[] {
  const enqueuedAt = Date.now() - 120_000 + call;
  const known = { contactId: `bench-${call}`, channel: "voice", method: "inbound", queueId: `q${call % QUEUES}`, enqueuedAt };
  const connectedAt = enqueuedAt + 10_000;
  const endedAt = enqueuedAt + 60_000;
  return [
    { ...known, occurredAt: enqueuedAt },
    { ...known, connectedAt, occurredAt: connectedAt },
    { ...known, connectedAt, endedAt, occurredAt: endedAt },
    { ...known, connectedAt, endedAt, occurredAt: endedAt },
  ].map((each) => ({ type: "contact.queue", ...each }));
}

async function rowsWritten(): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${server.port}/v1/instances/${INSTANCE}/metrics`, {
    headers: { Authorization: "Bearer bench" },
  });
  return Number(/^vigia_rows_written_total (\d+)/m.exec(await response.text())?.[1]);
}

/** Sends posts one after the other. Returns the updates a second. */
async function rateOf(posts: readonly ReturnType<typeof updatesPost>[]): Promise<number> {
  const startedAt = performance.now();
  for (const post of posts) await send(server, post);
  return Math.round((posts.length * EVENTS_PER_POST * 1000) / (performance.now() - startedAt));
}

try {
  await seedAgents(server);
  const queues = Array.from({ length: QUEUES }, (_, index) => ({ queueId: `q${index}`, name: `Queue ${index}`, channels: [] }));
  const profiles = [{ name: "Basic Routing Profile", queues: queues.map(({ queueId }) => queueId) }];
  await send(server, updatesPost([{ type: "queue.snapshot", takenAt: Date.now(), complete: true, queues, profiles }]));

  const before = await rowsWritten();
  const single = Array.from({ length: CALLS }, (_, call) => eventsOf(call)).flat();
  for (const event of single) await send(server, updatesPost([event]));
  const rows = (await rowsWritten()) - before;

  const events = Array.from({ length: EVENTS / 4 }, (_, call) => eventsOf(CALLS + call));
  // All calls begin before the first of them is answered.
  const inOrder = [0, 1, 2, 3].flatMap((step) => events.flatMap((ofCall) => ofCall[step] ?? []));
  const posts = Array.from({ length: EVENTS / EVENTS_PER_POST }, (_, index) =>
    updatesPost(inOrder.slice(index * EVENTS_PER_POST, (index + 1) * EVENTS_PER_POST)),
  );
  const scores = posts.map((_, round) =>
    scorePost(
      server,
      round,
      Array.from({ length: EVENTS_PER_POST }, (__, index) => (round * EVENTS_PER_POST + index) % AGENTS),
    ),
  );
  const ofQueues = await rateOf(posts);
  const ofScores = await rateOf(scores);
  console.log(`${QUEUES} queues, ${AGENTS} agents, posts of ${EVENTS_PER_POST}, one after the other:`);
  console.log(`${ofQueues} events of queues a second; ${ofScores} scores a second; ratio ${(ofQueues / ofScores).toFixed(2)}.`);
  console.log(`${(rows / single.length).toFixed(2)} rows an event, each in a post of its own.`);
} finally {
  await server.stop();
}
process.exit(0);
