import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readAgentEvent } from "../../../aws-ingest/connect/agent-event.ts";
import { readContactEvent } from "../../../aws-ingest/connect/contact-event.ts";
import { parseFlowEvent } from "../../../aws-ingest/connect/contact-flow-event.ts";
import { SENTIMENT_ARCS } from "../../../local/phrases/call-script.ts";
import { PhraseDecoder } from "../../../local/phrases/dtmf.ts";
import { phraseAudio, selectPhrases } from "../../../local/phrases/phrase-book.ts";
import { type AgentEvent, agentEventRecord, type Home } from "../../../local/simulator/agent-event.ts";
import { createCallAudio } from "../../../local/simulator/call-audio.ts";
import { planCall } from "../../../local/simulator/call-plan.ts";
import { connectDirectory } from "../../../local/simulator/connect-directory.ts";
import { contactEvent } from "../../../local/simulator/contact-event.ts";
import type { Effect } from "../../../local/simulator/effect.ts";
import { flowEvent } from "../../../local/simulator/flow-event.ts";
import { createRandom } from "../../../local/simulator/random.ts";
import { SimulatedContactCenter } from "../../../local/simulator/simulated-contact-center.ts";
import { hireAgents } from "../../../local/simulator/staff.ts";

const HOME: Home = { accountId: "111122223333", region: "us-east-1", instanceId: "a8c17f30-f72c-4900-abd2-8745056c4c99" };
const OPENING = 1_714_363_532_120;
const TICK_MS = 100;

interface Scene {
  agents?: number;
  calls?: number;
  speed?: number;
  seed?: string;
  minutes: number;
}

/** Runs the center for this many minutes and returns all effects. */
function play({ minutes, ...options }: Scene): { effects: Effect[]; center: SimulatedContactCenter; end: number } {
  const center = new SimulatedContactCenter({ agents: 20, calls: 3, speed: 1, seed: "a day", ...options }, OPENING);
  const effects: Effect[] = [];
  const end = OPENING + minutes * 60_000;
  for (let now = OPENING; now <= end; now += TICK_MS) effects.push(...center.advance(now));
  return { effects, center, end };
}

function agentEvents(effects: readonly Effect[]): AgentEvent[] {
  return effects.flatMap((effect) => (effect.type === "agent" ? [effect.event] : []));
}

function byAgent(effects: readonly Effect[]): Map<string, AgentEvent[]> {
  const events = new Map<string, AgentEvent[]>();
  for (const event of agentEvents(effects)) events.set(event.agent.id, [...(events.get(event.agent.id) ?? []), event]);
  return events;
}

describe("The staff", () => {
  test("is the same at every start, and a larger staff keeps the agents of a smaller one.", () => {
    const many = hireAgents(2000);
    expect(hireAgents(40)).toEqual(many.slice(0, 40));
    expect(new Set(many.map(({ id }) => id)).size).toBe(2000);
    expect(new Set(many.map(({ username }) => username)).size).toBe(2000);
    expect(many.every(({ username }) => /^[a-z]+\.[a-z]+$/.test(username))).toBe(true);
  });
});

describe("The contact center", () => {
  test("has the same effects for the same seed and others for another seed.", () => {
    const first = play({ minutes: 5 }).effects;
    expect(play({ minutes: 5 }).effects).toEqual(first);
    expect(play({ minutes: 5, seed: "another day" }).effects).not.toEqual(first);
  });

  test("connects a call within ten seconds of simulated time, and no agent misses a call in the first 30.", () => {
    for (const seed of ["a", "b", "c", "d", "e"]) {
      const early = play({ minutes: 0.5, seed }).effects;
      const connected = early.find((effect) => effect.type === "call-connected");
      expect(connected?.type === "call-connected" && connected.at - OPENING).toBeLessThan(10_000);
      const states = agentEvents(early).flatMap(({ current }) => current.contacts.map(({ state }) => state));
      expect(states).not.toContain("MISSED");
    }
  });

  test("reaches the wanted number of calls at once and does not exceed it.", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.string(), (calls, seed) => {
        let now = 0;
        let most = 0;
        for (const effect of play({ agents: 30, calls, seed, minutes: 4 }).effects) {
          if (effect.type === "call-begins") now += 1;
          if (effect.type === "call-ends") now -= 1;
          most = Math.max(most, now);
        }
        expect(most).toBe(calls);
      }),
      { numRuns: 8 },
    );
  });

  test("moves each contact of an agent through Amazon Connect's states in their order.", () => {
    const offered = ["CONNECTING", "INCOMING"];
    const next: Record<string, readonly string[]> = {
      INCOMING: ["CONNECTING", "MISSED", "ERROR"],
      CONNECTING: ["CONNECTED", "MISSED", "REJECTED", "ERROR", "ENDED"],
      CONNECTED: ["CONNECTED_ONHOLD", "PAUSED", "ENDED"],
      CONNECTED_ONHOLD: ["CONNECTED", "ENDED"],
      PAUSED: ["CONNECTED"],
      ENDED: [],
      MISSED: [],
      REJECTED: [],
      ERROR: [],
    };
    const seen = new Set<string>();
    for (const events of byAgent(play({ agents: 40, calls: 12, speed: 4, minutes: 40 }).effects).values()) {
      let states = new Map<string, string>();
      for (const { type, current } of events) {
        const now = new Map(current.contacts.map(({ contactId, state }) => [contactId, state as string]));
        for (const [contactId, state] of now) {
          const before = states.get(contactId);
          if (before !== state) expect(before === undefined ? offered : next[before]).toContain(state);
          seen.add(state);
        }
        for (const [contactId, state] of states) if (!now.has(contactId) && type !== "LOGOUT") expect(next[state]).toEqual([]);
        if (type === "HEART_BEAT") expect(now).toEqual(states);
        states = now;
      }
    }
    expect([...seen].sort()).toEqual(Object.keys(next).sort());
  });

  test("gives the events of an agent times in their order, none of them in the future.", () => {
    const center = new SimulatedContactCenter({ agents: 20, calls: 3, speed: 8, seed: "fast" }, OPENING);
    const last = new Map<string, number>();
    for (let now = OPENING; now <= OPENING + 600_000; now += TICK_MS) {
      for (const { agent, at, current } of agentEvents(center.advance(now))) {
        expect(at).toBeGreaterThanOrEqual(last.get(agent.id) ?? 0);
        expect(at).toBeLessThanOrEqual(now);
        expect(current.status.since).toBeLessThanOrEqual(at);
        last.set(agent.id, at);
      }
    }
  });

  test("publishes a heartbeat for each agent without another event for two minutes.", () => {
    const { effects, end } = play({ minutes: 10 });
    for (const events of byAgent(effects).values()) {
      const times = [...events.map(({ at }) => at), end];
      for (const [index, at] of times.slice(1).entries()) expect(at - (times[index] ?? 0)).toBeLessThanOrEqual(120_000 + TICK_MS);
    }
  });

  test("lets agents take breaks, log out and log in.", () => {
    const events = agentEvents(play({ minutes: 30, speed: 6 }).effects);
    const statuses = new Set(events.map(({ current }) => current.status.name));
    expect([...statuses].sort()).toEqual(["Available", "Baño", "Capacitación", "Comida", "Offline"]);
    expect(new Set(events.map(({ type }) => type))).toEqual(new Set(["LOGIN", "LOGOUT", "STATE_CHANGE", "HEART_BEAT"]));
  });

  test("ends all calls and logs all agents out when it closes.", () => {
    const { effects, center, end } = play({ minutes: 3 });
    const all = [...effects, ...center.close(end)];
    const ended = all.filter((effect) => effect.type === "call-ends").length;
    expect(ended).toBe(all.filter((effect) => effect.type === "call-begins").length);
    for (const events of byAgent(all).values()) {
      const lasting = events.filter(({ type }) => type !== "HEART_BEAT");
      expect(lasting.at(-1)?.type).toBe("LOGOUT");
    }
    expect(center.advance(end + 60_000)).toEqual([]);
  });

  test("writes agent events that the agent-events function accepts.", () => {
    const refused = agentEvents(play({ minutes: 30 }).effects)
      .map((event) => readAgentEvent(JSON.parse(JSON.stringify(agentEventRecord(HOME, event))), HOME.instanceId))
      .filter((read) => read.outcome !== "read" || read.flaws.skipped > 0);
    expect(refused).toEqual([]);
  });

  test("gives Amazon Connect's API every agent with the current state, and with ids that the other lists have.", () => {
    const { center } = play({ minutes: 3 });
    const directory = connectDirectory(HOME.instanceId, () => center.staff);
    const ids = (rows: readonly { id: string }[] = []) => new Set(rows.map(({ id }) => id));
    expect(directory.users).toHaveLength(20);
    for (const { presence, routingProfileId, hierarchyGroupId } of directory.users) {
      expect(ids(directory.routingProfiles)).toContain(routingProfileId);
      expect(ids(directory.hierarchyGroups)).toContain(hierarchyGroupId);
      if (presence !== null) expect(ids(directory.statuses)).toContain(presence.statusId);
      for (const { queueId } of presence?.contacts ?? []) expect(ids(directory.queues)).toContain(queueId);
    }
    const present = () => directory.users.filter(({ presence }) => presence !== null);
    const contacts = present().flatMap(({ presence }) => presence?.contacts ?? []);
    expect(new Set(contacts.map(({ channel }) => channel)).size).toBeGreaterThan(1);
    center.close(OPENING + 3 * 60_000);
    expect(present()).toEqual([]);
  });

  test("writes an end for each contact that the contact-events function accepts.", () => {
    const { effects } = play({ minutes: 8 });
    const ends = effects.flatMap((effect) => (effect.type === "contact" && effect.eventType === "DISCONNECTED" ? [effect] : []));
    expect(ends.length).toBeGreaterThan(20);
    for (const { contact, eventType, at } of ends) {
      const { contactId, initialContactId } = contact;
      const { time, ...event } = contactEvent(HOME, contact, eventType, at);
      const read = readContactEvent({ ...event, time: new Date(time ?? 0).toISOString() }, HOME.instanceId);
      const ended = { type: "contact.ended", contactId, initialContactId, occurredAt: at };
      const queued = { type: "contact.queue", contactId, endedAt: at, occurredAt: at };
      expect(read).toMatchObject({ outcome: "read", value: contact.queue === null ? [ended] : [queued, ended] });
    }
  });

  test("uses every sentiment arc once before it uses one again.", () => {
    const { effects } = play({ agents: 30, calls: SENTIMENT_ARCS.length, minutes: 1 });
    const arcs = effects.flatMap((effect) => (effect.type === "call-begins" ? [effect.call.arc] : []));
    expect(new Set(arcs.slice(0, SENTIMENT_ARCS.length))).toEqual(new Set(SENTIMENT_ARCS));
  });

  test("writes a flow event for both kinds of call that the trigger accepts.", () => {
    const call = {
      contactId: "b373d225-c6c8-48eb-b7ec-e3ce4135a7e9",
      languageCode: "es-MX",
      stream: {
        arn: "arn:aws:kinesisvideo:us-east-1:111122223333:stream/demo/1",
        startFragment: "9134385233318143239",
        startedAt: OPENING,
      },
    };
    const queue = hireAgents(1)[0]?.team.queues[0] ?? null;
    const web = parseFlowEvent(flowEvent(HOME, { ...call, kind: "webrtc", queue: null, customerNumber: null }));
    const phone = parseFlowEvent(flowEvent(HOME, { ...call, kind: "pstn", queue, customerNumber: "+15555550100" }));
    for (const parsed of [web, phone]) {
      expect(parsed).toMatchObject({
        ok: true,
        contact: { contactId: call.contactId, media: { streamArn: call.stream.arn, startTimestamp: OPENING } },
      });
    }
  });
});

describe("The audio of a call", () => {
  test("has each speaker's phrases on the speaker's own track, for all fragment lengths.", () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 64, max: 2_000 }), fc.constantFrom(1, 4), (seed, fragmentMs, speed) => {
        const plan = planCall(createRandom(seed), { language: "es", topic: "billing", arc: "rescued", speed });
        const audio = createCallAudio();
        audio.startConversation(3_000, plan);
        const decoders = { customer: new PhraseDecoder(), agent: new PhraseDecoder() };
        const numbers = { customer: [] as number[], agent: [] as number[] };
        for (let at = 0; at < 3_000 + plan.durationMs; at += fragmentMs) {
          const { fromCustomer, toCustomer } = audio.renderAudio(at, at + fragmentMs);
          for (const event of decoders.customer.decodeSamples(fromCustomer)) numbers.customer.push(...numberOf(event));
          for (const event of decoders.agent.decodeSamples(toCustomer)) numbers.agent.push(...numberOf(event));
        }
        for (const role of ["customer", "agent"] as const) {
          const said = plan.utterances.filter(({ phrase }) => phrase.role === role).map(({ phrase }) => phrase.number);
          expect(numbers[role]).toEqual(said);
        }
      }),
      { numRuns: 25 },
    );
  });

  test("announces the queue again and again until an agent answers, and breaks the last announcement off.", () => {
    const [prompt] = selectPhrases({ language: "es", topic: "billing", role: "agent", stage: "greeting" });
    if (prompt === undefined) throw new Error("The phrase book has no greeting.");
    const promptMs = phraseAudio(prompt).length / 8;
    const answeredMs = Math.round(400 + 2 * promptMs + 3_000 - 100);
    const plan = planCall(createRandom("prompts"), { language: "es", topic: "billing", arc: "flat", speed: 1 });
    const audio = createCallAudio(phraseAudio(prompt));
    audio.startConversation(answeredMs, plan);
    const decoder = new PhraseDecoder();
    const heard: number[] = [];
    for (let at = 0; at < answeredMs + plan.durationMs; at += 500) {
      for (const event of decoder.decodeSamples(audio.renderAudio(at, at + 500).toCustomer)) heard.push(...numberOf(event));
    }
    const said = plan.utterances.filter(({ phrase }) => phrase.role === "agent").map(({ phrase }) => phrase.number);
    expect(heard[0]).toBe(prompt.number);
    expect(heard.slice(-said.length)).toEqual(said);
    expect(
      heard.filter((number) => number === prompt.number).length - said.filter((number) => number === prompt.number).length,
    ).toBe(1);
  });

  test("has music on the customer's side and no speech while the customer waits or is on hold.", () => {
    const holding = ["a", "b", "c", "d", "e", "f", "g", "h"]
      .map((seed) => planCall(createRandom(seed), { language: "en", topic: "credit", arc: "flat", speed: 1 }))
      .find((plan) => plan.holds.length > 0);
    const [hold] = holding?.holds ?? [];
    if (holding === undefined || hold === undefined) throw new Error("None of these calls has a hold.");
    const audio = createCallAudio();
    expect(loudest(audio.renderAudio(0, 1_000).toCustomer)).toBeGreaterThan(100);
    audio.startConversation(1_000, holding);
    const { fromCustomer, toCustomer } = audio.renderAudio(1_000 + hold.beginMs, 1_000 + hold.endMs);
    expect(loudest(fromCustomer)).toBe(0);
    expect(loudest(toCustomer)).toBeGreaterThan(100);
    expect(loudest(toCustomer)).toBeLessThan(300);
  });
});

function numberOf(event: ReturnType<PhraseDecoder["decodeSamples"]>[number]): number[] {
  if (event.type === "unknown") return [-1];
  return event.type === "phrase" ? [event.number] : [];
}

function loudest(samples: Int16Array): number {
  return samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
}
