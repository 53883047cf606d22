import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { phraseAudio, selectPhrases } from "../../../local/phrases/phrase-book.ts";
import { type AgentSnapshot, agentArn, agentEventRecord, type Home, instanceArn } from "../../../local/simulator/agent-event.ts";
import { AnalysedCall } from "../../../local/simulator/analysed-call.ts";
import type { Call } from "../../../local/simulator/call.ts";
import { connectDirectory } from "../../../local/simulator/connect-directory.ts";
import { contactEvent, type SimulatedContact } from "../../../local/simulator/contact-event.ts";
import { flowEvent } from "../../../local/simulator/flow-event.ts";
import { hireAgents } from "../../../local/simulator/staff.ts";
import {
  FAILED_QUEUE,
  type LocalCloud,
  RECORDINGS_BUCKET,
  startCloud,
  startStandIns,
  UNDELIVERED_QUEUE,
} from "../../../local/start/cloud.ts";
import { type EventSources, startEventSources } from "../../../local/start/events.ts";
import type { Update } from "../../../protocol/updates.ts";
import { INSTANCE, SECRET } from "../../support/ingest-lab.ts";
import { type RecordingHub, startRecordingHub } from "../../support/recording-hub.ts";

const HOME: Home = { accountId: "111122223333", region: "us-east-1", instanceId: INSTANCE };
const [agent] = hireAgents(1);
if (agent === undefined) throw new Error("The simulated staff is empty.");
const queue = agent.team.queues[0];

let hub: RecordingHub;
let cloud: LocalCloud;
let events: EventSources;
beforeAll(async () => {
  hub = await startRecordingHub(INSTANCE, SECRET);
  const options = { instanceId: INSTANCE, hubUrl: hub.url, ingestSecret: SECRET, transcriptions: 25 };
  cloud = await startCloud({ ...options, env: { LOG_LEVEL: "SILENT", CATCH_UP_SPEED: "20" } });
  events = startEventSources(cloud.lambda, instanceArn(HOME), (body) => cloud.sqs.sendMessage(FAILED_QUEUE, body));
});
afterAll(async () => {
  await events.close();
  await cloud.close();
  await hub.close();
});

function isType<Type extends Update["type"]>(type: Type) {
  return (update: Update): update is Extract<Update, { type: Type }> => update.type === type;
}

test("The agent event stream and the roster snapshot agree about an agent, also about groups and queue.", async () => {
  const at = Date.now() - 5_000;
  const contactId = randomUUID();
  const contact = { contactId, initiationMethod: "INBOUND", since: at, connectedAt: at, queuedAt: at, queue };
  const voice = { ...contact, initialContactId: null, channel: "VOICE" } as const;
  const current: AgentSnapshot = {
    status: { name: "Available", type: "ROUTABLE", since: at - 60_000 },
    nextStatus: null,
    contacts: [{ ...voice, state: "CONNECTED" }],
  };
  const event = { type: "STATE_CHANGE", eventId: "1", at, agent, current, previous: null } as const;
  events.agentEvents.putRecord(agentArn(HOME, agent), JSON.stringify(agentEventRecord(HOME, event)));
  await events.agentEvents.drain();
  expect(events.agentEvents.lostRecords()).toBe(0);
  cloud.connect.roster = connectDirectory(INSTANCE, () => [{ profile: agent, signedIn: true, snapshot: current }]);
  expect(await cloud.invoke("reconcile", { once: true })).toEqual({ agents: 1, complete: true });

  const [streamed] = hub.updates().filter(isType("agent.state"));
  const [listed] = hub.updates().filter(isType("roster.snapshot"));
  if (streamed === undefined || listed === undefined) throw new Error("The hub got no agent.state or no roster.snapshot.");
  // A list has no order of its own.
  const { type: _, order, ...said } = streamed;
  expect(order).toMatch(/^\d+$/);
  expect(listed.agents).toEqual([{ ...said, occurredAt: listed.takenAt }]);
  expect(said.groups).toEqual(agent.team.groups);
  expect(said.contacts).toMatchObject([{ contactId, queue: queue.name }]);
});

test("A recorded call in Castilian gets its text from standard transcription, its sentiment from Comprehend, a recording and an end.", async () => {
  const [contactId, startedAt] = [randomUUID(), Date.now() - 20_000];
  const [angry] = selectPhrases({ language: "es", role: "customer", stage: "talk", sentiment: "negative" });
  if (angry === undefined) throw new Error("The phrase book has no negative phrase.");
  const fromCustomer = new Int16Array(8 * 15_000);
  fromCustomer.set(phraseAudio(angry), 8 * 2_000);
  const stream = cloud.kinesisVideo.stream("vigia-connect-demo-contact-castilian");
  const toCustomer = new Int16Array(fromCustomer.length);
  const startFragment = stream.write({ contactId, atMs: startedAt, fromCustomer, toCustomer });
  stream.write({ contactId: randomUUID(), atMs: Date.now(), fromCustomer: toCustomer, toCustomer });
  const call = { contactId, kind: "pstn", languageCode: "es-ES", queue, customerNumber: "+15555550100", recorded: true } as const;
  const flow = flowEvent(HOME, { ...call, stream: { arn: stream.arn, startFragment, startedAt } });
  expect(await cloud.invoke("trigger", flow)).toEqual({ result: "started", contactId });
  await cloud.lambda.drain();

  const turns = hub.updates().filter(isType("contact.turn"));
  expect(turns.filter(({ final }) => final)).toMatchObject([{ contactId, text: angry.text, sentiment: "negative" }]);
  expect(hub.updates().filter(isType("contact.sentiment")).at(-1)).toMatchObject({ contactId, customer: { score: -5 } });
  expect(cloud.comprehend.calls()).toBe(1);
  expect(
    cloud.s3
      .objects()
      .filter(({ bucket }) => bucket === RECORDINGS_BUCKET)
      .map(({ key }) => key.slice(key.lastIndexOf(".")))
      .sort(),
  ).toEqual([".json", ".wav"]);

  const at = Date.now();
  const ended: SimulatedContact = {
    ...{ contactId, initialContactId: null, previousContactId: null, channel: "VOICE", initiationMethod: "INBOUND" },
    ...{ initiatedAt: startedAt, connectedToSystemAt: null, queue: { id: queue.id, type: "STANDARD", since: startedAt } },
    ...{ agent: null, afterWork: null, scheduledAt: null, disconnect: { at, reason: "CUSTOMER_DISCONNECT" } },
  };
  expect(events.bus.putEvent(contactEvent(HOME, ended, "DISCONNECTED", at))).toEqual(["vigia-contact-events"]);
  await vi.waitFor(() => {
    expect(hub.updates().filter(isType("contact.ended"))).toContainEqual(
      expect.objectContaining({ contactId, occurredAt: at, initialContactId: null }),
    );
  }, 10_000);
  expect([cloud.sqs.bodies(UNDELIVERED_QUEUE), cloud.sqs.bodies(FAILED_QUEUE)]).toEqual([[], []]);
}, 60_000);

test("A call that Contact Lens analyses gets its turns, its score and its end from the stream of Contact Lens.", async () => {
  const { contactId, connectedAt } = { contactId: randomUUID(), connectedAt: Date.now() - 20_000 };
  const [angry] = selectPhrases({ language: "es", role: "customer", stage: "talk", sentiment: "negative" });
  if (angry === undefined) throw new Error("The phrase book has no negative phrase.");
  const call: Call = {
    ...{ contactId, kind: "pstn", languageCode: "es-MX", queue, customerNumber: "+15555550100", recorded: false },
    arc: "flat",
  };
  const analysed = new AnalysedCall(HOME, call, events.putAnalysis);
  analysed.connectAgent(connectedAt, { utterances: [{ phrase: angry, beginMs: 700 }], holds: [], durationMs: 20_000 });
  analysed.writeDue(connectedAt + 20_000);
  analysed.writeEnd(connectedAt + 20_000);

  const news = () => hub.updates().filter((update) => "contactId" in update && update.contactId === contactId);
  await vi.waitFor(() => expect(news().filter(isType("contact.ended"))).toHaveLength(1), 10_000);
  expect(news().filter(isType("contact.turn"))).toMatchObject([
    { role: "customer", beginMs: 700, text: angry.text, final: true, sentiment: "negative" },
  ]);
  expect(news().filter(isType("contact.sentiment"))).toMatchObject([{ customer: { score: -5 }, turns: 1 }]);
  const states = news().flatMap((update) => (update.type === "contact.transcription" ? [update.state] : []));
  expect([...new Set(states)]).toEqual(["live", "ended"]);
  expect(cloud.contactLens.requests()).toEqual({ served: 0, throttled: 0 });
});

test("The audio of a call is kept for as long as its transcriber may be away, also when that is killed again and again.", async () => {
  const options = { instanceId: INSTANCE, hubUrl: hub.url, ingestSecret: SECRET, transcriptions: 1 };
  for (const [chaos, awayMs, kept] of [
    [false, 200_000, 2],
    [false, 230_000, 1],
    [true, 1_800_000, 2],
  ] as const) {
    const atMs = Date.now();
    vi.useFakeTimers({ toFake: ["Date"], now: atMs });
    const standIns = await startStandIns({ ...options, chaos });
    const stream = standIns.kinesisVideo.stream("vigia-call");
    const second = { contactId: randomUUID(), fromCustomer: new Int16Array(8), toCustomer: new Int16Array(8) };
    stream.write({ ...second, atMs });
    vi.setSystemTime(atMs + awayMs);
    stream.write({ ...second, atMs: atMs + awayMs });
    expect(standIns.kinesisVideo.stored().fragments, `${chaos} ${awayMs}`).toBe(kept);
    vi.useRealTimers();
    await standIns.close();
  }
});
