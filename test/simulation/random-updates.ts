import type { AgentContact, AgentState, Update } from "../../protocol/updates.ts";
import { aContact, anAgentState, aSentiment, aTranscription, aTurn } from "../support/updates.ts";
import type { SeededRandom } from "./seeded-random.ts";

const AGENTS = ["agent-1", "agent-2", "agent-3", "agent-4", "agent-5"] as const;
const CALLS = ["call-1", "call-2", "call-3", "call-4"] as const;
export const GROUPS = ["Ventas", "Soporte", "Cobranza"] as const;

type Kind = "state" | "heartbeat" | "removed" | "sentiment" | "category" | "ended" | "transcription" | "turn" | "snapshot";

/** Makes one update, as a Lambda posts it at `now`. Some updates are up to seven seconds old. */
export function randomUpdate(random: SeededRandom, now: number, withPresence: boolean): Update {
  const occurredAt = now - random.pick([0, 0, 0, 1_000, 7_000]);
  const contact = { contactId: random.pick(CALLS), initialContactId: random.pick([null, null, ...CALLS]), occurredAt };
  const kinds: readonly [Kind, ...Kind[]] = [
    "state",
    "state",
    "state",
    "state",
    "sentiment",
    "sentiment",
    "category",
    "ended",
    "transcription",
    "turn",
    "removed",
  ];
  const kind = random.pick<Kind>(withPresence ? ["heartbeat", "snapshot", ...kinds] : kinds);
  switch (kind) {
    case "state":
      return agentState(random, random.pick(AGENTS), occurredAt);
    case "heartbeat":
      return { type: "agent.heartbeat", agentId: random.pick(AGENTS), occurredAt };
    case "removed":
      return { type: "agent.removed", agentId: random.pick(AGENTS), occurredAt };
    case "sentiment":
      return aSentiment(random.pick([-5, -2.5, 0, 3.1, 5]), contact);
    case "category":
      return { type: "contact.category", name: random.pick(["Queja", "Cancelación"]), ...contact };
    case "ended":
      return { type: "contact.ended", ...contact };
    case "transcription":
      return aTranscription(random.pick(["live", "live", "live", "ended", "failed", "off"]), contact);
    case "turn":
      return aTurn({ ...contact, turnId: `turn-${random.integerBelow(4)}` });
    case "snapshot": {
      const listed = AGENTS.filter(() => random.chance(0.6));
      const agents = listed.map((agentId) => {
        const { type: _, ...body } = agentState(random, agentId, occurredAt);
        return { ...body, signedIn: true };
      });
      return { type: "roster.snapshot", takenAt: occurredAt, agents };
    }
  }
}

function agentState(random: SeededRandom, agentId: string, occurredAt: number): AgentState {
  const held = CALLS.filter(() => random.chance(0.2));
  return anAgentState({
    agentId,
    occurredAt,
    name: random.pick(["Jane", "Ana", "Bea"]),
    signedIn: random.chance(0.9),
    status: { name: "Available", kind: random.pick(["routable", "custom"]), since: occurredAt - random.integerBelow(3) * 1_000 },
    contacts: held.map((contactId) => callOf(random, contactId, occurredAt)),
    groups: GROUPS.filter(() => random.chance(0.4)),
  });
}

function callOf(random: SeededRandom, contactId: string, since: number): AgentContact {
  const state = random.pick<AgentContact["state"]>(["ringing", "connected", "hold", "ended", "missed"]);
  return aContact({ contactId, initialContactId: random.pick([null, ...CALLS]), state, since, connectedAt: since });
}
