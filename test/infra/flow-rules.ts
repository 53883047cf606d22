/**
 * What Amazon Connect accepts, copied from its documentation on 2026-11-26 and not from `infra/`: the flow types in which an action is
 * allowed, and the errors that an action must or may handle (developer guide "Flow language actions"; administrator guide, pages of the
 * blocks).
 */
export type FlowType = "CONTACT_FLOW" | "AGENT_WHISPER" | "OUTBOUND_WHISPER" | "QUEUE_TRANSFER" | "AGENT_TRANSFER";

interface ActionRule {
  types: readonly FlowType[];
  parameters: readonly string[];
  errors: readonly string[];
  /** The flow is over after it. */
  terminal?: true;
}

const EVERY: readonly FlowType[] = ["CONTACT_FLOW", "AGENT_WHISPER", "OUTBOUND_WHISPER", "QUEUE_TRANSFER", "AGENT_TRANSFER"];
const ROUTING: readonly FlowType[] = ["CONTACT_FLOW", "QUEUE_TRANSFER", "AGENT_TRANSFER"];

export const ACTION_RULES: ReadonlyMap<string, ActionRule> = new Map([
  ["UpdateFlowLoggingBehavior", { types: EVERY, parameters: ["FlowLoggingBehavior"], errors: [] }],
  [
    "UpdateContactRecordingBehavior",
    { types: [...ROUTING, "OUTBOUND_WHISPER"], parameters: ["RecordingBehavior", "AnalyticsBehavior"], errors: [] },
  ],
  ["UpdateContactAttributes", { types: EVERY, parameters: ["Attributes"], errors: ["NoMatchingError"] }],
  [
    "UpdateContactMediaStreamingBehavior",
    { types: EVERY, parameters: ["MediaStreamingState", "MediaStreamType", "Participants"], errors: ["NoMatchingError"] },
  ],
  [
    "InvokeLambdaFunction",
    {
      types: EVERY,
      parameters: ["LambdaFunctionARN", "InvocationTimeLimitSeconds", "ResponseValidation"],
      errors: ["NoMatchingError"],
    },
  ],
  ["UpdateContactEventHooks", { types: ROUTING, parameters: ["EventHooks"], errors: ["NoMatchingError"] }],
  ["UpdateContactTargetQueue", { types: ROUTING, parameters: ["QueueId"], errors: ["NoMatchingError"] }],
  ["MessageParticipant", { types: EVERY, parameters: ["Text"], errors: ["NoMatchingError"] }],
  [
    "TransferContactToQueue",
    { types: ["CONTACT_FLOW", "QUEUE_TRANSFER"], parameters: [], errors: ["QueueAtCapacity", "NoMatchingError"] },
  ],
  ["TransferContactToAgent", { types: ["AGENT_TRANSFER", "QUEUE_TRANSFER"], parameters: [], errors: [], terminal: true }],
  ["CompleteOutboundCall", { types: ["OUTBOUND_WHISPER"], parameters: [], errors: [] }],
  ["DisconnectParticipant", { types: ROUTING, parameters: [], errors: [], terminal: true }],
  ["EndFlowExecution", { types: ["AGENT_WHISPER", "OUTBOUND_WHISPER"], parameters: [], errors: [], terminal: true }],
]);
