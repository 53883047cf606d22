import { type FlowAction, type FlowContent, type FlowStep, flowOf, lastBlock, step } from "./flow-language.ts";

export interface FlowOptions {
  /** The language of the calls, for example `es-MX`. */
  language: string;
  /** Streams the audio and starts the trigger. Without it, Contact Lens alone provides the sentiment. */
  trigger?: { functionArn: string; recording: boolean };
  /** Turns on real-time Contact Lens in this language, for example `es-US`. */
  contactLens?: { language: string };
}

/** A flow that leads a call to an agent. */
export interface RoutingOptions extends FlowOptions {
  /** The agent whisper flow that starts the transcription when an agent has accepted the call. */
  whisperArn?: string;
}

/** Seconds that a flow waits for the trigger. The trigger answers within 2, and Amazon Connect allows 8. */
const TRIGGER_SECONDS = "5";

/** Returns an inbound flow: it queues the call. If no queue takes the call, the flow apologises and hangs up. */
export function inboundFlow({ queueArn, ...options }: RoutingOptions & { queueArn: string }): FlowContent {
  const choose = step("choose-queue", "UpdateContactTargetQueue", { QueueId: queueArn });
  return flowOf([...beginning(options), ...whisper(options), choose], toQueue(options.language));
}

/** Returns a transfer-to-queue flow. The queue is that of the quick connect. */
export function queueTransferFlow(options: RoutingOptions): FlowContent {
  return flowOf([...beginning(options), ...whisper(options)], toQueue(options.language));
}

/** Returns a transfer-to-agent flow. The agent is that of the quick connect. */
export function agentTransferFlow(options: RoutingOptions): FlowContent {
  return flowOf([...beginning(options), ...whisper(options)], [lastBlock("to-agent", "TransferContactToAgent")]);
}

/**
 * Returns an agent whisper flow: it streams the audio from the moment on at which an agent has accepted the call, so nobody
 * transcribes the wait before. Then the agent hears the name of the queue, as in Amazon Connect's own flow.
 */
export function agentWhisperFlow(trigger: { functionArn: string }): FlowContent {
  const announce = step("announce-queue", "MessageParticipant", { Text: "$.Queue.Name" });
  return flowOf([log(), ...startTranscription(trigger), announce], [lastBlock("end", "EndFlowExecution")]);
}

/** Returns an outbound whisper flow, which also runs for callbacks: it calls the customer, and then streams the audio. */
export function outboundWhisperFlow(options: FlowOptions): FlowContent {
  const call = step("call-customer", "CompleteOutboundCall", {}, []);
  const start = options.trigger ? startTranscription(options.trigger) : [];
  return flowOf([...beginning(options), call, ...start], [lastBlock("end", "EndFlowExecution")]);
}

function beginning({ language, trigger, contactLens }: FlowOptions): FlowStep[] {
  const analyse = step("analyse", "UpdateContactRecordingBehavior", contactLens ? analysis(contactLens.language) : {}, []);
  const attributes = step("set-attributes", "UpdateContactAttributes", {
    Attributes: {
      transcribeCall: "true",
      streamAudioFromCustomer: "true",
      streamAudioToCustomer: "true",
      saveCallRecording: String(trigger?.recording),
      languageCode: language,
    },
  });
  return [log(), ...(contactLens ? [analyse] : []), ...(trigger ? [attributes] : [])];
}

function log(): FlowStep {
  return step("log", "UpdateFlowLoggingBehavior", { FlowLoggingBehavior: "Enabled" }, []);
}

function whisper({ whisperArn }: RoutingOptions): FlowStep[] {
  return whisperArn === undefined
    ? []
    : [step("set-whisper", "UpdateContactEventHooks", { EventHooks: { AgentWhisper: whisperArn } })];
}

function startTranscription({ functionArn }: { functionArn: string }): FlowStep[] {
  return [
    step("stream-audio", "UpdateContactMediaStreamingBehavior", {
      MediaStreamingState: "Enabled",
      MediaStreamType: "Audio",
      Participants: [{ ParticipantType: "Customer", MediaDirections: ["To", "From"] }],
    }),
    step("start-transcription", "InvokeLambdaFunction", {
      LambdaFunctionARN: functionArn,
      InvocationTimeLimitSeconds: TRIGGER_SECONDS,
      ResponseValidation: { ResponseType: "STRING_MAP" },
    }),
  ];
}

function toQueue(language: string): [FlowAction, ...FlowAction[]] {
  const apologise = (ErrorType: string) => ({ ErrorType, NextAction: "apologise" });
  return [
    {
      ...lastBlock("to-queue", "TransferContactToQueue"),
      Transitions: { NextAction: "apologise", Errors: ["QueueAtCapacity", "NoMatchingError"].map(apologise) },
    },
    {
      Identifier: "apologise",
      Type: "MessageParticipant",
      Parameters: { Text: apology(language) },
      Transitions: { NextAction: "hang-up", Errors: [{ ErrorType: "NoMatchingError", NextAction: "hang-up" }] },
    },
    lastBlock("hang-up", "DisconnectParticipant"),
  ];
}

/** Contact Lens analyses a call only if both sides are recorded. */
function analysis(language: string): Record<string, unknown> {
  return {
    RecordingBehavior: { RecordedParticipants: ["Agent", "Customer"] },
    AnalyticsBehavior: {
      Enabled: "True",
      AnalyticsLanguage: language,
      AnalyticsRedactionBehavior: "Disabled",
      AnalyticsRedactionResults: "RedactedAndOriginal",
      ChannelConfiguration: { Chat: { AnalyticsModes: [] }, Voice: { AnalyticsModes: ["RealTime"] } },
    },
  };
}

function apology(language: string): string {
  return language.startsWith("es")
    ? "Lo sentimos: en este momento no podemos atender su llamada. Por favor intente más tarde."
    : "We are sorry: we cannot take your call right now. Please try again later.";
}
