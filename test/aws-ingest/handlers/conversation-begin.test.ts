import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openContactEnds } from "../../../aws-ingest/clients/contact-end.ts";
import { handler } from "../../../aws-ingest/handlers/transcriber.ts";
import { callSound, seeded, soundOf } from "../../support/call-sound.ts";
import { endCall, INSTANCE, type IngestLab, jobFor, startIngestLab, storyOf } from "../../support/ingest-lab.ts";

let lab: IngestLab;
beforeAll(async () => {
  lab = await startIngestLab();
});
afterAll(() => lab.close());

const WAIT_MS = 21_000;

/** Broadcasts a call that is over: a wait with announcements, and then the conversation. Returns the job of its transcriber. */
function broadcastWaiting(contactId: string, connectedToAgent: boolean) {
  const conversation = callSound(seeded(5), 6);
  const [greeting] = conversation.lines.filter(({ role }) => role === "agent");
  if (greeting === undefined) throw new Error("No agent speaks in this call.");
  const announcements = [1000, 11_000].map((atMs) => ({ ...greeting, atMs }));
  const lines = [...announcements, ...conversation.lines.map((line) => ({ ...line, atMs: line.atMs + WAIT_MS }))];
  const sound = soundOf(lines);
  const startedAt = Date.now() - sound.lengthMs;
  const stream = lab.broadcast(contactId, sound, startedAt);
  endCall(stream, Date.now());
  const { connect } = lab;
  connect.contacts.set(contactId, Date.now());
  connect.contactTimes.set(contactId, {
    initiatedAt: startedAt,
    connectedToAgentAt: connectedToAgent ? startedAt + WAIT_MS : null,
  });
  return { job: jobFor(contactId, stream, startedAt), conversation };
}

test("TRF-7 The transcriber posts the conversation with times from the agent's join, and nothing of the announcements.", async () => {
  const contactId = randomUUID();
  const { job, conversation } = broadcastWaiting(contactId, true);
  expect(await handler(job)).toMatchObject({ result: "ended", turns: 6, incompleteReasons: [] });
  const { turns } = storyOf(lab.hub, contactId);
  expect(turns.map(({ role, text }) => [role, text])).toEqual(conversation.lines.map(({ role, phrase }) => [role, phrase.text]));
  for (const [index, { beginMs }] of turns.entries()) {
    expect(Math.abs(beginMs - (conversation.lines[index]?.atMs ?? 0))).toBeLessThan(120);
  }
});

test("TRF-7 A caller who gives up waiting has no turns.", async () => {
  const contactId = randomUUID();
  const { job } = broadcastWaiting(contactId, false);
  expect(await handler(job)).toMatchObject({ result: "ended", turns: 0, agentJoined: false });
  expect(storyOf(lab.hub, contactId)).toEqual({ turns: [], score: null });
});

test("TRF-8 Amazon Connect's answers are read as joined, waiting, later or unavailable.", async () => {
  const ends = openContactEnds(INSTANCE);
  const failures: string[] = [];
  const ask = (contactId: string) => ends.askJoined(contactId, new AbortController().signal, (name) => failures.push(name));
  const { contacts, contactTimes } = lab.connect;
  for (const contactId of ["bare", "waiting", "joined", "unset"]) contacts.set(contactId, null);
  const initiatedAt = Date.now() - 60_000;
  contactTimes.set("waiting", { initiatedAt, connectedToAgentAt: null });
  contactTimes.set("joined", { initiatedAt, connectedToAgentAt: initiatedAt + 30_250 });
  contactTimes.set("unset", { initiatedAt, connectedToAgentAt: 1 });
  try {
    expect(await ask("joined")).toEqual({ kind: "joined", atMs: initiatedAt + 30_250 });
    expect(await ask("waiting")).toEqual({ kind: "waiting" });
    expect(await ask("unset")).toEqual({ kind: "waiting" });
    expect(await ask("bare")).toEqual({ kind: "unavailable" });
    expect(await ask("nobody")).toEqual({ kind: "unavailable" });
    expect(failures).toEqual(["ResourceNotFoundException"]);
    // More questions at once than all calls of an account may ask.
    const many = await Promise.all(Array.from({ length: 80 }, () => ask("waiting")));
    expect(new Set(many.map(({ kind }) => kind))).toEqual(new Set(["waiting", "later"]));
  } finally {
    ends.close();
  }
});

test("A contact with an unset DisconnectTimestamp goes on.", async () => {
  const ends = openContactEnds(INSTANCE);
  const { contacts } = lab.connect;
  for (const [contactId, endedAt] of Object.entries({ on: null, "on-1970": 1, over: Date.now() }))
    contacts.set(contactId, endedAt);
  const ask = (contactId: string) => ends.isDisconnected(contactId, new AbortController().signal);
  try {
    expect(await Promise.all([ask("on"), ask("on-1970"), ask("over")])).toEqual([false, false, true]);
  } finally {
    ends.close();
  }
});
