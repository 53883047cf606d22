import { expect, it } from "vitest";
import type { ContactSentiment } from "../../../protocol/updates.ts";
import { SeededRandom } from "../../simulation/seeded-random.ts";
import { aContact, anAgentState, aSentiment, NOON } from "../../support/updates.ts";
import { Center } from "../center.ts";

const AGENTS = 500;
const PER_FLUSH = 50;
const FLUSHES = 10;

/** An id as Amazon Connect makes them: nothing in it compresses. */
function uuid(random: SeededRandom): string {
  const hex = Array.from({ length: 32 }, () => random.integerBelow(16).toString(16)).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

const score = (random: SeededRandom) => (random.integerBelow(101) - 50) / 10;

/** A score of a running call: the customer's side, its newest quarter, and now and then the agent's side. */
function scored(random: SeededRandom, contactId: string, occurredAt: number): ContactSentiment {
  const side = () => {
    const value = score(random);
    return { score: value, quarters: [1.2, -0.4, value, null] as [number, number, number, null], recent: score(random) };
  };
  const agent = random.chance(0.3)
    ? side()
    : { score: 0.5, quarters: [0, 1, 0.5, null] as [number, number, number, null], recent: 1 };
  return aSentiment(0, { contactId, occurredAt, customer: side(), agent, turns: 9 });
}

/**
 * Returns the bytes on the wire per update, without the headers of WebSocket (4 bytes a frame).
 * @param stateShare how many of the updates are holds and their ends, and not scores
 */
function bytesPerUpdate(compact: boolean, stateShare: number): number {
  const random = new SeededRandom(7);
  const ids = Array.from({ length: AGENTS }, () => ({ agentId: uuid(random), contactId: uuid(random) }));
  const center = new Center();
  const call = (contactId: string, since: number, hold: boolean) =>
    aContact({ contactId, since, connectedAt: NOON, state: hold ? "hold" : "connected" });
  center.post(...ids.map(({ agentId, contactId }) => anAgentState({ agentId, contacts: [call(contactId, NOON, false)] })));
  center.post(...ids.map(({ contactId }) => scored(random, contactId, NOON)));
  center.flush();
  const port = center.join("v", { compact });
  const before = center.broadcaster.counters.bytes;
  for (let flush = 0; flush < FLUSHES; flush += 1) {
    center.now += 100;
    for (let update = 0; update < PER_FLUSH; update += 1) {
      const { agentId, contactId } = ids[(flush * PER_FLUSH + update * 7) % AGENTS] ?? { agentId: "", contactId: "" };
      if (random.chance(stateShare)) {
        const contacts = [call(contactId, center.now, random.chance(0.5))];
        center.post(anAgentState({ agentId, occurredAt: center.now, contacts }));
      } else center.post(scored(random, contactId, center.now));
    }
    center.flush();
    while (center.broadcaster.isFanningOut) center.broadcaster.takeStep(center.now);
  }
  expect(port.texts.length).toBe(FLUSHES + 1);
  return (center.broadcaster.counters.bytes - before) / (FLUSHES * PER_FLUSH);
}

// On 2026-11-26 it was 20 bytes for scores and 19 with holds, and 429 and 388 as hub.v1 without compression.
it.each([
  ["scores", 0],
  ["scores and holds", 0.3],
])("ZIP-3 With random ids, 500 agents and 50 %s a flush, a compact viewer gets at most 35 bytes per update.", (_, stateShare) => {
  expect(bytesPerUpdate(true, stateShare)).toBeLessThanOrEqual(35);
  expect(bytesPerUpdate(false, stateShare)).toBeGreaterThan(200);
});
