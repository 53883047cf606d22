/** The data of the Connect stand-in. The simulator and tests change it at any time. Times are epoch ms. */
export interface ConnectRoster {
  instanceId: string;
  statuses: ConnectStatus[];
  routingProfiles: ConnectRoutingProfile[];
  users: ConnectUser[];
  queues?: readonly ConnectQueue[];
  /** The agent hierarchy. A group without a parent is on level one. */
  hierarchyGroups?: readonly ConnectHierarchyGroup[];
  /** By resource type (MEDIA_STREAMS, AGENT_EVENTS, …). A missing type has no storage config. */
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
  /** The queues whose contacts its agents answer. */
  queueIds?: readonly string[];
  /** How many contacts of a channel an agent may have at once. One call, unless set. */
  concurrency?: Readonly<Partial<Record<ConnectContact["channel"], number>>>;
}

export interface ConnectQueue {
  id: string;
  name: string;
}

export interface ConnectHierarchyGroup {
  id: string;
  name: string;
  parentId: string | null;
}

export interface ConnectUser {
  id: string;
  username: string;
  firstName: string;
  lastName: string;
  routingProfileId: string;
  hierarchyGroupId?: string | null;
  tags?: Readonly<Record<string, string>>;
  /** null = not signed in: GetCurrentUserData leaves the user out. */
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
  state:
    | "INCOMING"
    | "PENDING"
    | "CONNECTING"
    | "CONNECTED"
    | "CONNECTED_ONHOLD"
    | "PAUSED"
    | "MISSED"
    | "ERROR"
    | "ENDED"
    | "REJECTED";
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

export type ResourceKind = "agent" | "agent-state" | "routing-profile" | "queue" | "agent-group";

export function resourceArn(instanceId: string, kind: ResourceKind, id: string): string {
  return `${instanceArn(instanceId)}/${kind}/${id}`;
}

const LEVELS = ["LevelOne", "LevelTwo", "LevelThree", "LevelFour", "LevelFive"] as const;
type HierarchyPath = Partial<Record<(typeof LEVELS)[number], { Id: string; Arn: string }>>;

/** Returns the path from level one down to the user's group. It has ids and ARNs only: GetCurrentUserData has no names. */
export function hierarchyPath({ instanceId, hierarchyGroups = [] }: ConnectRoster, groupId: string | null): HierarchyPath {
  const path: ConnectHierarchyGroup[] = [];
  let next = hierarchyGroups.find(({ id }) => id === groupId);
  while (next !== undefined && path.length < LEVELS.length) {
    path.unshift(next);
    const { parentId } = next;
    next = hierarchyGroups.find(({ id }) => id === parentId);
  }
  return Object.fromEntries(
    path.map(({ id }, index) => [LEVELS[index], { Id: id, Arn: resourceArn(instanceId, "agent-group", id) }]),
  );
}
