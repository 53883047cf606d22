import { randomBytes, randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Phrase } from "../local/phrases/phrase.ts";
import { phraseAudio, selectPhrases } from "../local/phrases/phrase-book.ts";
import { type AgentEvent, type AgentSnapshot, agentEventRecord, type Home } from "../local/simulator/agent-event.ts";
import { flowEvent } from "../local/simulator/flow-event.ts";
import { hireAgents } from "../local/simulator/staff.ts";
import { type LocalCloud, startCloud } from "../local/start/cloud.ts";
import { buildDashboard } from "../local/start/dashboard.ts";
import { type RunningHub, startHub } from "../local/start/hub.ts";
import { livingInGroup } from "./support/processes.ts";
import { SocketViewer } from "./support/viewer.ts";

const HOME: Home = { accountId: "111122223333", region: "us-east-1", instanceId: "a8c17f30-f72c-4900-abd2-8745056c4c99" };
const SECRET = `whsec_${randomBytes(32).toString("base64")}`;

let folder: string;
let hub: RunningHub;
let cloud: LocalCloud;

beforeAll(async () => {
  await buildDashboard();
  folder = mkdtempSync(join(tmpdir(), "vigia-end-to-end-"));
  hub = await startHub({
    port: 0,
    folder,
    vars: {
      AUTH_MODE: "local",
      INGEST_SECRETS: JSON.stringify({ [HOME.instanceId]: SECRET }),
      TICKET_SECRET: randomBytes(32).toString("base64"),
    },
  });
  cloud = await startCloud({ instanceId: HOME.instanceId, hubUrl: hub.url, ingestSecret: SECRET, transcriptions: 25 });
}, 120_000);

afterAll(async () => {
  await cloud?.close();
  await hub?.stop();
  rmSync(folder, { recursive: true, force: true });
});

test("A contact-flow event and the call's audio give a viewer the turns and the score of the agent's call.", async () => {
  const [agent] = hireAgents(1);
  if (agent === undefined) throw new Error("The simulated staff is empty.");
  const viewer = await SocketViewer.open({ hub: hub.url, instance: HOME.instanceId });
  const contactId = randomUUID();
  const beganAt = Date.now() - 20_000;

  await agentNews(agent, beganAt - 1_000, []);
  await viewer.until("the agent, available", ({ agents }) => (agents.get(agent.id)?.status === "available" ? true : null));
  await agentNews(agent, beganAt, [
    {
      contactId,
      initialContactId: null,
      channel: "VOICE",
      initiationMethod: "WEBRTC_API",
      state: "CONNECTED",
      since: beganAt,
      connectedAt: beganAt,
      queuedAt: beganAt,
      queue: agent.team.queues[0],
    },
  ]);
  await viewer.until("the agent on the call", ({ agents }) => (agents.get(agent.id)?.status === "on a call" ? true : null));
  viewer.send({ type: "watch", contactId });

  const greeting = aPhrase({ role: "agent", stage: "greeting", sentiment: "neutral" });
  const complaint = aPhrase({ role: "customer", stage: "talk", sentiment: "negative" });
  const stream = cloud.kinesisVideo.stream("vigia-connect-demo-contact-one");
  const startFragment = stream.write({
    contactId,
    atMs: beganAt,
    fromCustomer: placed([[6_000, complaint]]),
    toCustomer: placed([[500, greeting]]),
  });
  const answer = await cloud.invoke(
    "trigger",
    flowEvent(HOME, {
      contactId,
      kind: "webrtc",
      languageCode: "es-MX",
      queue: null,
      customerNumber: null,
      stream: { arn: stream.arn, startFragment, startedAt: beganAt },
    }),
  );
  expect(answer).toEqual({ result: "started", contactId });

  const scored = await viewer.until("the score", ({ agents }) => {
    const seen = agents.get(agent.id);
    return seen?.sentimentScore === -5 ? seen : null;
  });
  expect(scored).toMatchObject({ contactId, status: "on a call", name: `${agent.firstName} ${agent.lastName}` });
  expect(scored.sentiment?.agent.score).toBe(0);
  const turns = await viewer.until("both turns", ({ frames }) => {
    const seen = frames.flatMap((frame) => (frame.type === "transcript" && frame.contactId === contactId ? frame.turns : []));
    const final = new Map(seen.filter((turn) => turn.final).map((turn) => [turn.turnId, turn]));
    return final.size >= 2 ? [...final.values()].sort((a, b) => a.beginMs - b.beginMs) : null;
  });
  expect(turns.map(({ role, text, sentiment }) => ({ role, text, sentiment }))).toEqual([
    { role: "agent", text: redacted(greeting), sentiment: "neutral" },
    { role: "customer", text: redacted(complaint), sentiment: "negative" },
  ]);
  expect(Math.abs((turns[1]?.beginMs ?? 0) - 6_000)).toBeLessThan(300);
  expect(viewer.gaps).toEqual([]);

  // The next caller's audio on the stream ends this call. None of it may become a turn of this call.
  stream.write({ contactId: randomUUID(), atMs: Date.now(), fromCustomer: placed([[0, complaint]]), toCustomer: placed([]) });
  await cloud.lambda.drain();
  expect(cloud.lambda.invocations().map(({ functionName, status }) => ({ functionName, status }))).toContainEqual({
    functionName: "transcriber",
    status: "returned",
  });
  expect(
    new Set(viewer.frames.flatMap((frame) => (frame.type === "transcript" ? frame.turns.map(({ turnId }) => turnId) : []))).size,
  ).toBe(2);
  await viewer.close();
}, 120_000);

test("TRA-6 The turn of an English caller marks the issue for a viewer that watches the call.", async () => {
  const contactId = randomUUID();
  const viewer = await SocketViewer.open({ hub: hub.url, instance: HOME.instanceId });
  viewer.send({ type: "watch", contactId });
  const phrases = selectPhrases({ language: "en", role: "customer", stage: "issue", sentiment: "negative" });
  const [issue] = phrases.filter(({ personalData }) => personalData.length === 0);
  if (issue === undefined) throw new Error("The phrase book has no negative issue without personal data.");
  const stream = cloud.kinesisVideo.stream("vigia-connect-demo-contact-two");
  const startedAt = Date.now() - 12_000;
  const audio = { contactId, atMs: startedAt, fromCustomer: placed([[1_000, issue]]), toCustomer: placed([]) };
  const startFragment = stream.write(audio);
  const source = { arn: stream.arn, startFragment, startedAt };
  const call = { contactId, kind: "webrtc" as const, languageCode: "en-US", queue: null, customerNumber: null, stream: source };
  expect(await cloud.invoke("trigger", flowEvent(HOME, call))).toEqual({ result: "started", contactId });
  const turn = await viewer.until("the issue", ({ frames }) => {
    const turns = frames.flatMap((frame) => (frame.type === "transcript" && frame.contactId === contactId ? frame.turns : []));
    return turns.find(({ final }) => final) ?? null;
  });
  expect(turn.issues?.map(({ begin, end }) => turn.text.slice(begin, end))).toEqual([issue.text.replace(/[.!?]$/, "")]);
  stream.write({ ...audio, contactId: randomUUID(), atMs: Date.now() });
  await cloud.lambda.drain();
  await viewer.close();
}, 120_000);

test("A stop leaves no process of the hub, and closes the ports of hub, Lambda and Kinesis Video.", async () => {
  const ports = [hub.url, cloud.lambda.url, cloud.kinesisVideo.url];
  await cloud.close();
  await hub.stop();
  for (const url of ports) await expect(fetch(url)).rejects.toThrow();
  expect(livingInGroup(hub.pid)).toEqual([]);
}, 60_000);

async function agentNews(agent: AgentEvent["agent"], at: number, contacts: AgentSnapshot["contacts"]): Promise<void> {
  const current: AgentSnapshot = {
    status: { name: "Available", type: "ROUTABLE", since: at - 60_000 },
    nextStatus: null,
    contacts,
  };
  const record = agentEventRecord(HOME, { type: "STATE_CHANGE", eventId: randomUUID(), at, agent, current, previous: null });
  const data = Buffer.from(JSON.stringify(record)).toString("base64");
  const answer = await cloud.invoke("agent-events", { Records: [{ kinesis: { data, sequenceNumber: String(at) } }] });
  expect(answer).toEqual({ batchItemFailures: [] });
}

function aPhrase(wanted: Omit<Parameters<typeof selectPhrases>[0], "language">): Phrase {
  const [phrase] = selectPhrases({ language: "es", ...wanted });
  if (phrase === undefined) throw new Error("The phrase book has no such phrase.");
  return phrase;
}

/** Returns the phrase with its personal data replaced by `[TYPE]`, as the transcript has it. */
function redacted({ text, personalData }: Phrase): string {
  return personalData.reduceRight((rest, { type, begin, end }) => `${rest.slice(0, begin)}[${type}]${rest.slice(end)}`, text);
}

/** Returns twelve seconds of audio with these phrases. */
function placed(phrases: readonly (readonly [atMs: number, phrase: Phrase])[]): Int16Array {
  const track = new Int16Array(12_000 * 8);
  for (const [atMs, phrase] of phrases) track.set(phraseAudio(phrase), atMs * 8);
  return track;
}
