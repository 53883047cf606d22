import type { AgentProfile, ConnectChannel } from "./staff.ts";

/**
 * The states of a contact in the agent event stream ("Agent event streams data model" and "Sample agent event stream" in
 * Amazon Connect's administrator guide).
 */
export type ContactState =
  | "INCOMING"
  | "CONNECTING"
  | "CONNECTED"
  | "CONNECTED_ONHOLD"
  | "PAUSED"
  | "ENDED"
  | "MISSED"
  | "REJECTED"
  | "ERROR";
export type EventType = "LOGIN" | "LOGOUT" | "STATE_CHANGE" | "HEART_BEAT";

export interface StatusSnapshot {
  name: string;
  type: "ROUTABLE" | "CUSTOM" | "OFFLINE";
  /** Epoch ms, like all times of the simulation. */
  since: number;
}

export interface ContactSnapshot {
  contactId: string;
  initialContactId: string | null;
  channel: ConnectChannel;
  initiationMethod: string;
  state: ContactState;
  since: number;
  connectedAt: number | null;
  queuedAt: number;
  queue: QueueReference;
}

/** A queue as a contact names it. The queue of one agent has no name. */
export interface QueueReference {
  /** The last part of the queue's ARN, for an agent's queue `agent/` and the agent's id. */
  id: string;
  name: string | null;
  channels: readonly ConnectChannel[];
}

export interface AgentSnapshot {
  status: StatusSnapshot;
  /** The status that follows when the agent has finished all contacts. `since` is when the agent chose it. null = none. */
  nextStatus: StatusSnapshot | null;
  contacts: readonly ContactSnapshot[];
}

export interface AgentEvent {
  type: EventType;
  eventId: string;
  at: number;
  agent: AgentProfile;
  current: AgentSnapshot;
  previous: AgentSnapshot | null;
}

/** The parts of the instance's ARN. */
export interface Home {
  accountId: string;
  region: string;
  instanceId: string;
}

export function instanceArn({ accountId, region, instanceId }: Home): string {
  return `arn:aws:connect:${region}:${accountId}:instance/${instanceId}`;
}

/** Returns the agent's ARN, which is also the partition key of the agent's records. */
export function agentArn(home: Home, agent: AgentProfile): string {
  return `${instanceArn(home)}/agent/${agent.id}`;
}

/** Returns one record of the stream, with ISO times. */
export function agentEventRecord(home: Home, event: AgentEvent): object {
  return {
    AWSAccountId: home.accountId,
    AgentARN: agentArn(home, event.agent),
    InstanceARN: instanceArn(home),
    EventId: event.eventId,
    EventTimestamp: iso(event.at),
    EventType: event.type,
    Version: "2019-05-25",
    CurrentAgentSnapshot: snapshot(home, event.agent, event.current),
    PreviousAgentSnapshot: event.previous === null ? null : snapshot(home, event.agent, event.previous),
  };
}

function snapshot(home: Home, agent: AgentProfile, { status, nextStatus, contacts }: AgentSnapshot): object {
  const instance = instanceArn(home);
  return {
    AgentStatus: {
      ARN: `${instance}/agent-state/${status.name}`,
      Name: status.name,
      StartTimestamp: iso(status.since),
      Type: status.type,
    },
    NextAgentStatus: nextStatus && {
      ARN: `${instance}/agent-state/${nextStatus.name}`,
      Name: nextStatus.name,
      EnqueuedTimestamp: iso(nextStatus.since),
    },
    Configuration: configuration(instance, agent, contacts),
    Contacts: contacts.map((contact) => ({
      ContactId: contact.contactId,
      InitialContactId: contact.initialContactId,
      Channel: contact.channel,
      InitiationMethod: contact.initiationMethod,
      State: contact.state,
      StateStartTimestamp: iso(contact.since),
      ConnectedToAgentTimestamp: contact.connectedAt === null ? null : iso(contact.connectedAt),
      QueueTimestamp: iso(contact.queuedAt),
      Queue: queueRecord(instance, contact.queue),
    })),
  };
}

function configuration(instance: string, agent: AgentProfile, contacts: readonly ContactSnapshot[]): object {
  const { firstName, lastName, username, team } = agent;
  const [level1, level2] = team.groups.map((name) => ({ ARN: `${instance}/agent-group/${name}`, Name: name }));
  return {
    FirstName: firstName,
    LastName: lastName,
    Username: username,
    AgentHierarchyGroups: { Level1: level1, Level2: level2 },
    Proficiencies: [],
    RoutingProfile: {
      ARN: `${instance}/routing-profile/${team.routingProfile}`,
      Name: team.routingProfile,
      Concurrency: Object.entries(team.concurrency).map(([Channel, MaximumSlots]) => {
        const used = contacts.filter(({ channel }) => channel === Channel).length;
        return { Channel, AvailableSlots: Math.max(0, MaximumSlots - used), MaximumSlots };
      }),
      DefaultOutboundQueue: queueRecord(instance, team.queues[0]),
      InboundQueues: team.queues.map((queue) => queueRecord(instance, queue)),
    },
  };
}

function queueRecord(instance: string, { id, name, channels }: QueueReference): object {
  return { ARN: `${instance}/queue/${id}`, Name: name, Channels: channels };
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
