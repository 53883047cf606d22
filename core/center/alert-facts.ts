import type { AgentFacts, ContactFacts, Facts } from "../alerts/facts.ts";
import { Multimap } from "../board/multimap.ts";
import type { AgentRow } from "../state/agent-row.ts";
import type { AgentTalk } from "../state/agent-talks.ts";

/** One agent as the state has it. */
export interface AgentEvidence {
  /** null = it is not on the board. */
  readonly row: AgentRow | null;
  /** When the newest news of the agent arrived, epoch ms. */
  readonly confirmedAt: number;
  readonly missedInRow: number | null;
  readonly talks: readonly AgentTalk[];
}

interface HeldTalk {
  readonly talk: AgentTalk;
  readonly agent: AgentRow;
  readonly confirmedAt: number;
}

/** Derives the facts about agents and their contacts that the alerts are decided by. */
export class AlertFacts {
  readonly #evidenceOf: (agentId: string) => AgentEvidence;
  /** Agent -> contact -> what is known of their talk. */
  readonly #talks = new Map<string, ReadonlyMap<string, HeldTalk>>();
  readonly #agentsOf = new Multimap<string, string>();
  /** Contact -> the newest time for which its facts were made: they never go back. */
  readonly #confirmed = new Map<string, number>();

  constructor(evidenceOf: (agentId: string) => AgentEvidence) {
    this.#evidenceOf = evidenceOf;
  }

  /** Returns the facts about these agents, and about the contacts on which they talk or have just talked. */
  factsOf(agentIds: Iterable<string>): Facts[] {
    const facts: Facts[] = [];
    const contactIds = new Set<string>();
    for (const agentId of agentIds) {
      const evidence = this.#evidenceOf(agentId);
      facts.push(agentFacts(agentId, evidence));
      for (const contactId of this.#noteTalks(agentId, evidence)) contactIds.add(contactId);
    }
    for (const contactId of contactIds) facts.push(this.#contactFacts(contactId));
    return facts;
  }

  /** The contacts on which the agent talks. */
  contactsOf(agentId: string): Iterable<string> {
    return this.#talks.get(agentId)?.keys() ?? [];
  }

  /** Returns the contacts whose facts may have changed. */
  #noteTalks(agentId: string, { row, talks, confirmedAt }: AgentEvidence): Set<string> {
    const before = this.#talks.get(agentId);
    const after = new Map<string, HeldTalk>();
    if (row !== null) {
      for (const talk of talks) {
        after.set(talk.contactId, { talk, agent: row, confirmedAt: Math.max(confirmedAt, talk.receivedAt) });
      }
    }
    const contactIds = new Set(after.keys());
    for (const contactId of before?.keys() ?? []) {
      if (after.has(contactId)) continue;
      this.#agentsOf.deleteValue(contactId, agentId);
      contactIds.add(contactId);
    }
    for (const contactId of after.keys()) if (before?.has(contactId) !== true) this.#agentsOf.addValue(contactId, agentId);
    for (const contactId of contactIds) {
      if ((this.#confirmed.get(contactId) ?? 0) < confirmedAt) this.#confirmed.set(contactId, confirmedAt);
    }
    if (after.size === 0) this.#talks.delete(agentId);
    else this.#talks.set(agentId, after);
    return contactIds;
  }

  /** Several agents may report one contact: the newest news counts. */
  #contactFacts(contactId: string): ContactFacts {
    const held = [...this.#agentsOf.valuesOf(contactId)].flatMap((agentId) => this.#talks.get(agentId)?.get(contactId) ?? []);
    held.sort((a, b) => b.confirmedAt - a.confirmedAt || (a.agent.agentId < b.agent.agentId ? 1 : -1));
    const [newest] = held;
    const confirmedAt = Math.max(newest?.confirmedAt ?? 0, this.#confirmed.get(contactId) ?? 0);
    if (newest === undefined) {
      this.#confirmed.delete(contactId);
      return { ...GONE, kind: "contact", contactId, confirmedAt };
    }
    this.#confirmed.set(contactId, confirmedAt);
    const { talk, agent } = newest;
    return {
      kind: "contact",
      going: true,
      agentName: agent.name || null,
      groups: agent.groups,
      contactId,
      queue: talk.queue,
      channel: talk.channel,
      startedAt: talk.startedAt,
      sentiment: talk.sentiment,
      customerTurns: talk.customerTurns,
      scoredAt: talk.scoredAt,
      transcription: talk.transcription,
      customerWaitsSince: talk.customerWaitsSince,
      confirmedAt,
    };
  }
}

const GONE = {
  going: false,
  agentName: null,
  groups: [],
  queue: null,
  channel: null,
  startedAt: null,
  sentiment: null,
  customerTurns: null,
  scoredAt: null,
  transcription: null,
  customerWaitsSince: null,
} satisfies Partial<ContactFacts>;

function agentFacts(agentId: string, { row, missedInRow, confirmedAt }: AgentEvidence): AgentFacts {
  return { kind: "agent", agentId, row, missedInRow, confirmedAt };
}
