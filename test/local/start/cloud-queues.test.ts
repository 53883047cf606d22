import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type Home, instanceArn } from "../../../local/simulator/agent-event.ts";
import { connectDirectory } from "../../../local/simulator/connect-directory.ts";
import { contactEvent } from "../../../local/simulator/contact-event.ts";
import type { Effect } from "../../../local/simulator/effect.ts";
import { SimulatedContactCenter } from "../../../local/simulator/simulated-contact-center.ts";
import { type LocalCloud, startCloud, UNDELIVERED_QUEUE } from "../../../local/start/cloud.ts";
import { type EventSources, startEventSources } from "../../../local/start/events.ts";
import type { ContactQueue, QueueSnapshot } from "../../../protocol/queue-updates.ts";
import { INSTANCE, SECRET } from "../../support/ingest-lab.ts";
import { type RecordingHub, startRecordingHub } from "../../support/recording-hub.ts";

const HOME: Home = { accountId: "111122223333", region: "us-east-1", instanceId: INSTANCE };
/** How long the simulated center has been open. It opened in the past, so that no time lies ahead. */
const OPEN_MS = 2 * 60_000;

let hub: RecordingHub;
let cloud: LocalCloud;
let events: EventSources;
let center: SimulatedContactCenter;
let put: Extract<Effect, { type: "contact" }>[];
beforeAll(async () => {
  hub = await startRecordingHub(INSTANCE, SECRET);
  cloud = await startCloud({
    instanceId: INSTANCE,
    hubUrl: hub.url,
    ingestSecret: SECRET,
    transcriptions: 25,
    env: { LOG_LEVEL: "SILENT" },
  });
  events = startEventSources(cloud.lambda, instanceArn(HOME), () => {});
  const now = Date.now();
  center = new SimulatedContactCenter({ agents: 12, calls: 1, speed: 4, seed: "queues" }, now - OPEN_MS);
  put = [];
  for (let at = now - OPEN_MS; at <= now; at += 250) {
    put.push(...center.advance(at).flatMap((effect) => (effect.type === "contact" ? [effect] : [])));
  }
  cloud.connect.roster = connectDirectory(INSTANCE, () => center.staff);
  cloud.connect.watchFloor(center.truth, { lagMs: [0, 0] });
});
afterAll(async () => {
  await events.close();
  await cloud.close();
  await hub.close();
});

const legs = (): ContactQueue[] => hub.updates().flatMap((update) => (update.type === "contact.queue" ? [update] : []));
const snapshots = (): QueueSnapshot[] => hub.updates().flatMap((update) => (update.type === "queue.snapshot" ? [update] : []));

test("The function for contact events posts exactly those as waiting who wait in the simulated center.", async () => {
  const rules = put.flatMap(({ contact, eventType, at }) => events.bus.putEvent(contactEvent(HOME, contact, eventType, at)));
  // The bus delivers after a moment.
  const isDone = () => expect(cloud.lambda.invocations().length).toBeGreaterThanOrEqual(rules.length);
  await vi.waitFor(isDone, { timeout: 30_000, interval: 100 });
  await cloud.lambda.drain();
  expect(cloud.sqs.bodies(UNDELIVERED_QUEUE)).toEqual([]);

  // Each time of a contact is the greatest that was posted: an event that came late or twice makes no difference.
  const known = new Map<string, { enqueuedAt: number; answeredAt: number; endedAt: number; kind: string | null }>();
  for (const leg of legs()) {
    const before = known.get(leg.contactId);
    known.set(leg.contactId, {
      enqueuedAt: Math.max(before?.enqueuedAt ?? 0, leg.enqueuedAt ?? 0),
      answeredAt: Math.max(before?.answeredAt ?? 0, leg.connectedAt ?? 0, leg.acceptedAt ?? 0),
      endedAt: Math.max(before?.endedAt ?? 0, leg.endedAt ?? 0),
      kind: leg.queueKind ?? before?.kind ?? null,
    });
  }
  const waiting = [...known].filter(
    ([, leg]) => leg.kind === "standard" && leg.enqueuedAt > 0 && leg.answeredAt === 0 && leg.endedAt === 0,
  );
  const truth = center.truth.waitingNow();
  expect(truth).not.toEqual([]);
  expect(waiting.map(([contactId, { enqueuedAt }]) => [contactId, enqueuedAt]).toSorted()).toEqual(
    truth.map(({ contactId, enqueuedAt }) => [contactId, Math.trunc(enqueuedAt)]).toSorted(),
  );
  expect(legs().length).toBeGreaterThan(50);
});

test("The function for queues posts the figures of the simulated queues, their names, and who serves them.", async () => {
  const queues = center.truth.queues();
  expect(await cloud.invoke("queues", { once: true })).toEqual({ queues: queues.length });
  const snapshot = snapshots().at(-1);
  expect(snapshot).toMatchObject({ complete: true });
  const count = (entries: readonly { queueId: string; channel: string }[]) =>
    Object.fromEntries(
      queues.map(({ id }) => [
        id,
        ["VOICE", "CHAT", "TASK"].map(
          (channel) => entries.filter((entry) => entry.queueId === id && entry.channel === channel).length,
        ),
      ]),
    );
  const figures = (field: "waiting" | "scheduled") =>
    Object.fromEntries(
      (snapshot?.queues ?? []).map(({ queueId, channels }) => [
        queueId,
        ["voice", "chat", "task"].map((name) => channels.find(({ channel }) => channel === name)?.[field] ?? 0),
      ]),
    );
  expect(figures("waiting")).toEqual(count(center.truth.waitingNow()));
  expect(figures("scheduled")).toEqual(count(center.truth.scheduledNow()));
  const staffed = Object.fromEntries(
    center.truth.agentsByQueue().map((agents) => [agents.queueId, [agents.staffed, agents.available]]),
  );
  expect(Object.fromEntries((snapshot?.queues ?? []).map((queue) => [queue.queueId, [queue.staffed, queue.available]]))).toEqual(
    staffed,
  );
  expect(snapshot?.queues.map(({ name }) => name).toSorted()).toEqual(queues.map(({ name }) => name).toSorted());
  expect(snapshot?.profiles?.find(({ name }) => name === "Cobranza")?.queues.length).toBeGreaterThan(0);
});

test("Of a contact that the hub doubts, the function posts what the simulated center knows.", async () => {
  const [answered] = put.filter(({ contact }) => contact.agent?.connectedAt && contact.queue?.type === "STANDARD");
  if (answered === undefined) throw new Error("Nobody was answered in the simulated center.");
  const { contactId } = answered.contact;
  hub.doubtNext([contactId, "nobody"]);
  const before = legs().length;
  await cloud.invoke("queues", { scheduled: true });
  expect(legs().slice(before)).toMatchObject([
    { contactId, queueId: answered.contact.queue?.id, agentId: answered.contact.agent?.profile.id },
    { contactId: "nobody", queueId: null },
  ]);
  expect(legs().at(-1)?.endedAt).not.toBeNull();
});
