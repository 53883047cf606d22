import fc from "fast-check";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { agentEventRecord, type Home } from "../../../local/simulator/agent-event.ts";
import { contactEvent } from "../../../local/simulator/contact-event.ts";
import type { Effect } from "../../../local/simulator/effect.ts";
import type { QueueTruth } from "../../../local/simulator/queue-truth.ts";
import { type CenterOptions, SimulatedContactCenter } from "../../../local/simulator/simulated-contact-center.ts";
import { agentEvent, type ContactEventDetail, contactEventDetail } from "./documented-shapes.ts";

const HOME: Home = { accountId: "111122223333", region: "us-east-1", instanceId: "a8c17f30-f72c-4900-abd2-8745056c4c99" };
const OPENING = 1_714_363_532_120;
const TICK_MS = 100;

interface Scene extends Partial<CenterOptions> {
  minutes: number;
}

/** Runs the center and calls `look` after each step. Returns all effects, with those of the end unless `open` is set. */
function play({ minutes, ...options }: Scene, look: (step: Step) => void = () => {}): Effect[] {
  const center = new SimulatedContactCenter({ agents: 40, calls: 4, speed: 1, seed: "a day", ...options }, OPENING);
  const all: Effect[] = [];
  for (let now = OPENING; now <= OPENING + minutes * 60_000; now += TICK_MS) {
    const effects = center.advance(now);
    all.push(...effects);
    look({ now, effects, center, truth: center.truth });
  }
  all.push(...center.close(OPENING + minutes * 60_000 + TICK_MS));
  return all;
}

interface Step {
  now: number;
  effects: readonly Effect[];
  center: SimulatedContactCenter;
  truth: QueueTruth;
}

function detailsOf(effects: readonly Effect[]): ContactEventDetail[] {
  return effects.flatMap((effect) => {
    if (effect.type !== "contact") return [];
    return [v.parse(contactEventDetail, contactEvent(HOME, effect.contact, effect.eventType, effect.at).detail)];
  });
}

function histories(details: readonly ContactEventDetail[]): ContactEventDetail[][] {
  const byContact = new Map<string, ContactEventDetail[]>();
  for (const detail of details) byContact.set(detail.contactId, [...(byContact.get(detail.contactId) ?? []), detail]);
  return [...byContact.values()];
}

const scenes = fc.record({
  seed: fc.string(),
  agents: fc.constantFrom(1, 7, 40, 90),
  calls: fc.constantFrom(0, 1, 4, 20),
  speed: fc.constantFrom(1, 6, 20),
});

describe("The records of the simulated center", () => {
  test("have the documented shape of contact events and agent events.", () => {
    for (const effect of play({ speed: 6, minutes: 3 })) {
      if (effect.type === "agent") v.parse(agentEvent, JSON.parse(JSON.stringify(agentEventRecord(HOME, effect.event))));
      if (effect.type === "contact") detailsOf([effect]);
    }
  });

  test("tell each contact from its beginning to one end, and each event repeats those before it.", () => {
    const order = ["INITIATED", "CONNECTED_TO_SYSTEM", "QUEUED", "CONNECTED_TO_AGENT", "DISCONNECTED", "COMPLETED"];
    for (const history of histories(detailsOf(play({ speed: 6, minutes: 3 })))) {
      const types = history.map(({ eventType }) => eventType).filter((type) => type !== "PAUSED" && type !== "RESUMED");
      expect(types).toEqual(order.filter((type) => types.some((one) => one === type)));
      expect(types).toContain("DISCONNECTED");
      if (history[0]?.initiationMethod !== "TRANSFER") expect(types[0]).toBe("INITIATED");
      let known: Partial<ContactEventDetail> = {};
      for (const { eventType, agentInfo, ...detail } of history) {
        expect(detail).toMatchObject(known);
        known = detail;
        const times = [
          detail.initiationTimestamp,
          detail.connectedToSystemTimestamp,
          detail.queueInfo?.enqueueTimestamp,
          agentInfo?.acceptedByAgentTimestamp,
          agentInfo?.connectedToAgentTimestamp,
          detail.disconnectTimestamp,
          agentInfo?.afterContactWorkEndTimestamp,
        ].filter((time) => time !== undefined);
        expect(times).toEqual(times.toSorted());
        if (eventType === "QUEUED") expect(detail.queueInfo?.enqueueTimestamp).toBeDefined();
        if (eventType === "CONNECTED_TO_AGENT") expect(agentInfo?.connectedToAgentTimestamp).toBeDefined();
        if (eventType === "DISCONNECTED" || eventType === "COMPLETED") expect(detail.disconnectTimestamp).toBeDefined();
      }
    }
  });

  test("name the contact before each transfer, callback and move, and none before a first contact.", () => {
    const details = detailsOf(play({ speed: 6, minutes: 5 }));
    const first = new Map(details.map((detail) => [detail.contactId, detail.initialContactId ?? detail.contactId]));
    for (const { contactId, initialContactId, previousContactId, initiationMethod, scheduledTimestamp } of details) {
      const follows = ["TRANSFER", "QUEUE_TRANSFER", "CALLBACK"].includes(initiationMethod);
      expect(previousContactId !== undefined).toBe(follows);
      expect(initialContactId !== undefined).toBe(follows);
      if (previousContactId !== undefined) expect(first.get(previousContactId)).toBe(first.get(contactId));
      expect(scheduledTimestamp !== undefined).toBe(initiationMethod === "CALLBACK");
    }
  });

  test("send nothing about the connection to the system for an inbound call.", () => {
    for (const { channel, eventType } of detailsOf(play({ minutes: 3 }))) {
      if (channel === "VOICE") expect(eventType).not.toBe("CONNECTED_TO_SYSTEM");
    }
  });
});

describe("The books of the simulated queues", () => {
  test("balance after each step: each queued contact was answered, has left or waits.", () => {
    fc.assert(
      fc.property(scenes, (scene) => {
        play({ ...scene, minutes: 2 }, ({ truth }) => {
          const waiting = new Map<string, number>();
          for (const { queueId } of truth.waitingNow()) waiting.set(queueId, (waiting.get(queueId) ?? 0) + 1);
          for (const [queueId, { queued, ...left }] of truth.outcomes()) {
            const out = Object.values(left).reduce((sum, count) => sum + count, 0);
            if (queued !== out + (waiting.get(queueId) ?? 0)) throw new Error(`Queue ${queueId}: ${queued} came, ${out} left.`);
          }
        });
      }),
      { numRuns: 6 },
    );
  });

  test("agree with the events: a contact waits from its QUEUED until it is answered or over.", () => {
    fc.assert(
      fc.property(scenes, (scene) => {
        const waiting = new Map<string, number>();
        play({ ...scene, minutes: 2 }, ({ effects, truth }) => {
          for (const effect of effects) {
            if (effect.type === "agent") {
              // Only the agent stream tells that an agent took a callback.
              for (const { contactId, state, initiationMethod } of effect.event.current.contacts) {
                if (initiationMethod === "CALLBACK" && state === "CONNECTING") waiting.delete(contactId);
              }
            }
            for (const { eventType, contactId, queueInfo } of detailsOf([effect])) {
              if (eventType !== "QUEUED") waiting.delete(contactId);
              else if (queueInfo?.queueType === "STANDARD") waiting.set(contactId, Date.parse(queueInfo.enqueueTimestamp ?? ""));
            }
          }
          const byEvents = [...waiting].map(([contactId, since]) => `${contactId} ${since}`).toSorted();
          const real = truth.waitingNow().map(({ contactId, enqueuedAt }) => `${contactId} ${enqueuedAt}`);
          expect(byEvents).toEqual(real.toSorted());
        });
      }),
      { numRuns: 5 },
    );
  });

  test("count the agents of a queue by the routing profiles that serve it.", () => {
    play({ minutes: 3 }, ({ now, center, truth }) => {
      if ((now - OPENING) % 10_000 !== 0) return;
      for (const { queueId, online, staffed, available, onContact, nonProductive } of truth.agentsByQueue()) {
        const serving = center.staff.filter(
          ({ signedIn, profile }) => signedIn && profile.team.queues.some(({ id }) => id === queueId),
        );
        expect(online).toBe(serving.length);
        expect(staffed + nonProductive).toBe(online);
        expect(available + onContact).toBeLessThanOrEqual(staffed);
      }
    });
  });

  test("are balanced and empty when the center has closed, and every contact has ended.", () => {
    const centers: SimulatedContactCenter[] = [];
    const effects = play({ minutes: 2 }, ({ center }) => {
      centers[0] = center;
    });
    const [closed] = centers;
    expect(closed?.truth.waitingNow()).toEqual([]);
    for (const { queued, ...left } of closed?.truth.outcomes().values() ?? []) {
      expect(Object.values(left).reduce((sum, count) => sum + count, 0)).toBe(queued);
    }
    for (const history of histories(detailsOf(effects))) expect(history.at(-1)?.disconnectTimestamp).toBeDefined();
  });
});

describe("An agent of the simulated center", () => {
  test("never has more contacts of a channel than the routing profile allows, and none of a queue that it does not serve.", () => {
    fc.assert(
      fc.property(scenes, (scene) => {
        for (const effect of play({ ...scene, minutes: 2 })) {
          if (effect.type !== "agent") continue;
          const { contacts } = effect.event.current;
          const { concurrency, queues, crossChannel } = effect.event.agent.team;
          const channels = new Set(contacts.map(({ channel }) => channel));
          if (!crossChannel) expect(channels.size).toBeLessThanOrEqual(1);
          for (const channel of channels) {
            const count = contacts.filter((contact) => contact.channel === channel).length;
            expect(count).toBeLessThanOrEqual(concurrency[channel] ?? 0);
          }
          for (const { queue, channel } of contacts) {
            if (queue.id === `agent/${effect.event.agent.id}`) continue;
            expect(queues.find(({ id }) => id === queue.id)?.channels).toContain(channel);
          }
        }
      }),
      { numRuns: 6 },
    );
  });

  test("shows the places that are left in each channel.", () => {
    for (const effect of play({ minutes: 4 })) {
      if (effect.type !== "agent") continue;
      const { CurrentAgentSnapshot: snapshot } = v.parse(
        agentEvent,
        JSON.parse(JSON.stringify(agentEventRecord(HOME, effect.event))),
      );
      for (const { Channel, AvailableSlots, MaximumSlots } of snapshot.Configuration.RoutingProfile.Concurrency) {
        const used = snapshot.Contacts.filter((contact) => contact.Channel === Channel).length;
        expect(AvailableSlots + used).toBe(MaximumSlots);
      }
    }
  });

  test("gets no contact between the choice of the next status and its beginning.", () => {
    const choosing = new Map<string, number>();
    let chosen = 0;
    for (const effect of play({ minutes: 8, speed: 6 })) {
      if (effect.type !== "agent") continue;
      const { agent, current } = effect.event;
      const before = choosing.get(agent.id);
      if (before !== undefined) expect(current.contacts.length).toBeLessThanOrEqual(before);
      if (current.nextStatus === null) choosing.delete(agent.id);
      else {
        choosing.set(agent.id, current.contacts.length);
        chosen += 1;
      }
    }
    expect(chosen).toBeGreaterThan(5);
  });
});

describe("The day of the simulated center", () => {
  test("has customers who wait within twenty seconds, and then most of the time.", () => {
    for (const seed of ["a", "b", "c", "d", "e"]) {
      const waits: number[] = [];
      play({ seed, minutes: 4 }, ({ now, truth }) => {
        if ((now - OPENING) % 1_000 === 0) waits.push(truth.waitingNow().filter(({ ringingAt }) => ringingAt === null).length);
      });
      expect(Math.max(...waits.slice(0, 20))).toBeGreaterThanOrEqual(3);
      expect(waits.filter((count) => count > 0).length).toBeGreaterThan(waits.length * 0.7);
    }
  });

  test("has a customer who leaves and one who asks for a callback within two minutes.", () => {
    const scenes = ["a", "b", "c", "d", "e"].map((seed) => {
      const details = detailsOf(play({ seed, minutes: 2 }));
      const ends = details.filter(
        ({ eventType, agentInfo, queueInfo }) => eventType === "DISCONNECTED" && queueInfo && !agentInfo,
      );
      const left = ends.some(({ disconnectReason }) => disconnectReason === "CUSTOMER_DISCONNECT");
      return { left, callback: details.some(({ initiationMethod }) => initiationMethod === "CALLBACK") };
    });
    expect(scenes).toEqual(scenes.map(() => ({ left: true, callback: true })));
  });

  test("has rushes in which three to nine customers of one queue wait, and no queue that grows on and on.", () => {
    let most = 0;
    const rushed = new Set<string>();
    play({ minutes: 10 }, ({ truth }) => {
      const counts = new Map<string, number>();
      for (const { queueId } of truth.waitingNow()) counts.set(queueId, (counts.get(queueId) ?? 0) + 1);
      for (const [queueId, count] of counts) {
        if (count >= 3) rushed.add(queueId);
        most = Math.max(most, count);
      }
    });
    expect(rushed.size).toBeGreaterThanOrEqual(3);
    expect(most).toBeLessThanOrEqual(20);
  });

  test("has every kind of contact and of end that queues know.", () => {
    const seen = new Set<string>();
    let mostChats = 0;
    const offers = new Map<string, Set<string>>();
    const effects = play({ minutes: 10, speed: 6 });
    for (const effect of effects) {
      if (effect.type !== "agent") continue;
      const { contacts } = effect.event.current;
      mostChats = Math.max(
        mostChats,
        contacts.filter(({ channel, state }) => channel === "CHAT" && state === "CONNECTED").length,
      );
      for (const { contactId } of contacts) {
        offers.set(contactId, (offers.get(contactId) ?? new Set()).add(effect.event.agent.id));
      }
      if (new Set(contacts.map(({ channel }) => channel)).size > 1) seen.add("two channels at once");
      for (const { state } of contacts) seen.add(state);
    }
    const attempts = new Map<string, number>();
    const details = detailsOf(effects);
    const ended = new Set<string>();
    for (const { eventType, contactId, initiationMethod, previousContactId = "" } of details) {
      if (eventType === "DISCONNECTED") ended.add(contactId);
      if (eventType !== "QUEUED" || initiationMethod !== "TRANSFER") continue;
      // The agent of a warm transfer stays until a colleague has answered.
      seen.add(ended.has(previousContactId) ? "cold transfer" : "warm transfer");
    }
    for (const history of histories(details)) {
      const last = history.at(-1);
      if (last === undefined) continue;
      const { channel, initiationMethod, queueInfo, agentInfo, disconnectTimestamp, initialContactId } = last;
      seen.add(channel).add(initiationMethod);
      for (const { eventType } of history) seen.add(eventType);
      if (queueInfo?.queueType === "AGENT") seen.add("queue of an agent");
      const waitedMs = Date.parse(disconnectTimestamp ?? "") - Date.parse(queueInfo?.enqueueTimestamp ?? "");
      if (agentInfo === undefined && waitedMs <= 5_000) seen.add("left within five seconds");
      if (initiationMethod === "CALLBACK") {
        const customer = initialContactId ?? "";
        attempts.set(customer, (attempts.get(customer) ?? 0) + 1);
        if (agentInfo !== undefined && agentInfo.connectedToAgentTimestamp === undefined) seen.add("callback without an answer");
      }
      if (agentInfo && (offers.get(last.contactId)?.size ?? 0) > 1) seen.add("rang at two agents");
    }
    if (Math.max(...attempts.values()) > 1) seen.add("second callback");
    expect(mostChats).toBe(3);
    expect([...seen]).toEqual(
      expect.arrayContaining([
        ...["VOICE", "CHAT", "TASK", "EMAIL"],
        ...["INBOUND", "WEBRTC_API", "API", "TRANSFER", "QUEUE_TRANSFER", "CALLBACK"],
        ...["INITIATED", "CONNECTED_TO_SYSTEM", "QUEUED", "CONNECTED_TO_AGENT", "DISCONNECTED", "COMPLETED", "PAUSED", "RESUMED"],
        ...["INCOMING", "CONNECTING", "CONNECTED", "CONNECTED_ONHOLD", "PAUSED", "ENDED", "MISSED", "REJECTED", "ERROR"],
        ...["queue of an agent", "left within five seconds", "callback without an answer", "second callback"],
        ...["rang at two agents", "two channels at once", "cold transfer", "warm transfer"],
      ]),
    );
  });

  test("scales with the agents and the speed, and never floods this machine.", () => {
    const count = (scene: Scene) => detailsOf(play(scene)).filter(({ eventType }) => eventType === "QUEUED").length;
    const usual = count({ minutes: 2 });
    expect(count({ minutes: 2, agents: 200 })).toBeGreaterThan(usual * 2);
    expect(count({ minutes: 2, speed: 4 })).toBeGreaterThan(usual * 2);
    expect(count({ minutes: 1, agents: 2_000, speed: 20 })).toBeLessThan(60 * 12);
  });

  test("lets nobody come while this machine is behind, and its contacts go on.", () => {
    const center = new SimulatedContactCenter({ agents: 40, calls: 0, speed: 20, seed: "behind" }, OPENING);
    const effects: Effect[] = [];
    for (let at = 0; at < 20_000; at += TICK_MS) effects.push(...center.advance(OPENING + at, at < 5_000));
    const begun = effects.filter((effect) => effect.type === "contact" && effect.contact.previousContactId === null);
    expect(begun.length).toBeGreaterThan(10);
    for (const effect of begun) {
      if (effect.type === "contact") expect(effect.contact.initiatedAt).toBeLessThan(OPENING + 5_000);
    }
    expect(effects.some((effect) => effect.type === "contact" && effect.at > OPENING + 6_000)).toBe(true);
  });
});

describe("A chat of the simulated center", () => {
  test("begins with the bot, and then agent and customer write in turns until it ends.", () => {
    const open = new Map<string, { roles: string[]; at: number }>();
    let answered = 0;
    const transferred = new Set<string>();
    for (const effect of play({ minutes: 6, speed: 2 })) {
      if (effect.type === "contact" && effect.contact.previousContactId !== null) transferred.add(effect.contact.contactId);
      if (effect.type === "chat-begins") open.set(effect.contactId, { roles: [], at: effect.at });
      if (effect.type === "chat-message") {
        const chat = open.get(effect.contactId);
        if (chat === undefined) throw new Error("A message came outside of its chat.");
        expect(effect.at).toBeGreaterThanOrEqual(chat.at);
        expect(effect.message.text.length).toBeLessThanOrEqual(1_024);
        chat.at = effect.at;
        chat.roles.push(effect.message.role);
      }
      if (effect.type === "chat-ends") {
        const roles = open.get(effect.contactId)?.roles ?? [];
        open.delete(effect.contactId);
        if (!roles.includes("agent")) continue;
        answered += 1;
        const withBot = transferred.has(effect.contactId) ? [] : ["bot", "customer", "bot"];
        expect(roles.slice(0, withBot.length)).toEqual(withBot);
        const talk = roles.slice(withBot.length);
        expect(talk).not.toContain("bot");
        expect(talk[0]).toBe("agent");
        for (const [index, role] of talk.slice(1).entries()) expect(role).not.toBe(talk[index]);
      }
    }
    expect(answered).toBeGreaterThan(10);
    expect(open.size).toBe(0);
  });
});
