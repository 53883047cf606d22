/** What the Connect stand-in knows: a plain object that a simulator or a test changes as it likes. Times are epoch ms. */
export interface ConnectRoster {
  instanceId: string;
  statuses: ConnectStatus[];
  routingProfiles: ConnectRoutingProfile[];
  users: ConnectUser[];
  /** By resource type (MEDIA_STREAMS, AGENT_EVENTS, …); absent = not set up. */
  storage?: Readonly<Record<string, ConnectStorage>>;
}

export interface ConnectStatus {
  id: string;
  name: string;
  type: "ROUTABLE" | "CUSTOM" | "OFFLINE";
}

export interface ConnectRoutingProfile {
  id: string;
  name: string;
  /** Queues whose contacts its agents take. */
  queueIds?: readonly string[];
}

export interface ConnectUser {
  id: string;
  username: string;
  firstName: string;
  lastName: string;
  routingProfileId: string;
  hierarchyGroupId?: string | null;
  tags?: Readonly<Record<string, string>>;
  /** null: not signed in, so not among the current users. */
  presence: ConnectPresence | null;
}

export interface ConnectPresence {
  statusId: string;
  since: number;
  nextStatus?: string | null;
  contacts: ConnectContact[];
}

export interface ConnectContact {
  contactId: string;
  channel: "VOICE" | "CHAT" | "TASK" | "EMAIL";
  initiationMethod: string;
  state: "INCOMING" | "PENDING" | "CONNECTING" | "CONNECTED" | "CONNECTED_ONHOLD" | "MISSED" | "ERROR" | "ENDED" | "REJECTED";
  since: number;
  connectedAt: number | null;
  queueId: string | null;
}

export type ConnectStorage =
  | { type: "KINESIS_VIDEO_STREAM"; prefix: string; retentionHours: number }
  | { type: "KINESIS_STREAM"; streamArn: string };

const REGION_ACCOUNT = "us-east-1:111122223333";

function instanceArn(instanceId: string): string {
  return `arn:aws:connect:${REGION_ACCOUNT}:instance/${instanceId}`;
}

export function resourceArn(instanceId: string, kind: "agent" | "agent-state" | "routing-profile" | "queue", id: string): string {
  return `${instanceArn(instanceId)}/${kind}/${id}`;
}
