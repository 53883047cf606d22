import * as v from "valibot";

/**
 * The shapes of Amazon Connect's records as its Administrator Guide documents them, written for these tests alone: "Contact events" and
 * "Agent event streams data model" (read 2026-11-26), and events of 2023 that others captured and published. Nothing that the guide
 * does not name may be in a record.
 */

const iso = v.pipe(v.string(), v.isoTimestamp());
const arn = (path: RegExp) =>
  v.pipe(v.string(), v.regex(new RegExp(`^arn:aws:connect:us-east-1:\\d{12}:instance/[0-9a-f-]{36}${path.source}$`)));
const uuid = v.pipe(v.string(), v.uuid());
const channel = v.picklist(["VOICE", "CHAT", "TASK", "EMAIL"]);

const agentInfo = v.strictObject({
  agentArn: arn(/\/agent\/[0-9a-f-]{36}/),
  acceptedByAgentTimestamp: v.optional(iso),
  connectedToAgentTimestamp: v.optional(iso),
  afterContactWorkStartTimestamp: v.optional(iso),
  afterContactWorkEndTimestamp: v.optional(iso),
  afterContactWorkDuration: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
});

export const contactEventDetail = v.strictObject({
  eventType: v.picklist([
    "INITIATED",
    "CONNECTED_TO_SYSTEM",
    "QUEUED",
    "CONNECTED_TO_AGENT",
    "DISCONNECTED",
    "COMPLETED",
    "PAUSED",
    "RESUMED",
  ]),
  contactId: uuid,
  initialContactId: v.optional(uuid),
  previousContactId: v.optional(uuid),
  channel,
  instanceArn: arn(/(?:)/),
  initiationMethod: v.picklist(["INBOUND", "TRANSFER", "CALLBACK", "API", "QUEUE_TRANSFER", "WEBRTC_API"]),
  initiationTimestamp: iso,
  connectedToSystemTimestamp: v.optional(iso),
  scheduledTimestamp: v.optional(iso),
  queueInfo: v.optional(
    v.strictObject({
      queueArn: arn(/\/queue\/(?:agent\/)?[0-9a-f-]{36}/),
      queueType: v.picklist(["STANDARD", "AGENT"]),
      enqueueTimestamp: v.optional(iso),
    }),
  ),
  agentInfo: v.optional(agentInfo),
  disconnectTimestamp: v.optional(iso),
  disconnectReason: v.optional(v.picklist(["CUSTOMER_DISCONNECT", "AGENT_DISCONNECT", "CONTACT_FLOW_DISCONNECT", "OTHER"])),
  tags: v.record(v.string(), v.string()),
});
export type ContactEventDetail = v.InferOutput<typeof contactEventDetail>;

const queue = v.strictObject({
  ARN: arn(/\/queue\/(?:agent\/)?[0-9a-f-]{36}/),
  Name: v.nullable(v.string()),
  Channels: v.pipe(v.array(channel), v.minLength(1)),
});
const named = v.strictObject({ ARN: v.string(), Name: v.string() });

const agentSnapshot = v.strictObject({
  AgentStatus: v.strictObject({
    ARN: v.string(),
    Name: v.string(),
    StartTimestamp: iso,
    Type: v.picklist(["ROUTABLE", "CUSTOM", "OFFLINE"]),
  }),
  NextAgentStatus: v.nullable(v.strictObject({ ARN: v.string(), Name: v.string(), EnqueuedTimestamp: iso })),
  Configuration: v.strictObject({
    FirstName: v.string(),
    LastName: v.string(),
    Username: v.string(),
    AgentHierarchyGroups: v.strictObject({ Level1: named, Level2: named }),
    Proficiencies: v.array(v.unknown()),
    RoutingProfile: v.strictObject({
      ARN: arn(/\/routing-profile\/.+/),
      Name: v.string(),
      // "MediaConcurrency" of the API reference: one call, and at most ten contacts of another channel.
      Concurrency: v.array(
        v.strictObject({
          Channel: channel,
          AvailableSlots: v.pipe(v.number(), v.integer(), v.minValue(0)),
          MaximumSlots: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(10)),
        }),
      ),
      DefaultOutboundQueue: queue,
      InboundQueues: v.pipe(v.array(queue), v.minLength(1)),
    }),
  }),
  Contacts: v.array(
    v.strictObject({
      ContactId: uuid,
      InitialContactId: v.nullable(uuid),
      Channel: channel,
      InitiationMethod: v.string(),
      // "Contact states": INCOMING is a queued callback that is presented, PAUSED a task, REJECTED no call.
      State: v.picklist([
        "INCOMING",
        "CONNECTING",
        "CONNECTED",
        "CONNECTED_ONHOLD",
        "PAUSED",
        "ENDED",
        "MISSED",
        "REJECTED",
        "ERROR",
      ]),
      StateStartTimestamp: iso,
      ConnectedToAgentTimestamp: v.nullable(iso),
      QueueTimestamp: iso,
      Queue: queue,
    }),
  ),
});

export const agentEvent = v.strictObject({
  AWSAccountId: v.pipe(v.string(), v.regex(/^\d{12}$/)),
  AgentARN: arn(/\/agent\/[0-9a-f-]{36}/),
  InstanceARN: arn(/(?:)/),
  EventId: uuid,
  EventTimestamp: iso,
  EventType: v.picklist(["LOGIN", "LOGOUT", "STATE_CHANGE", "HEART_BEAT"]),
  Version: v.picklist(["2017-10-01", "2019-05-25"]),
  CurrentAgentSnapshot: agentSnapshot,
  PreviousAgentSnapshot: v.nullable(agentSnapshot),
});
