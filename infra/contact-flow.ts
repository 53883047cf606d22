import type { Stack } from "aws-cdk-lib";
import { CfnContactFlow } from "aws-cdk-lib/aws-connect";
import type { CallTranscription } from "./call-transcription.ts";
import type { DeploymentSettings, FlowSetting, Instance } from "./settings.ts";

/** One block of a flow in Amazon Connect's flow language, version 2019-10-30 (API reference, "Flow language"). */
export interface FlowAction {
  Identifier: string;
  Type: string;
  Parameters: Record<string, unknown>;
  Transitions: { NextAction?: string; Errors?: { ErrorType: string; NextAction: string }[] };
}

export interface FlowContent {
  Version: "2019-10-30";
  StartAction: string;
  Metadata: Record<string, unknown>;
  Actions: FlowAction[];
}

export interface FlowOptions {
  queueArn: string;
  /** The language of the calls, for example `es-MX`. */
  language: string;
  /** Streams the audio and starts the trigger. Without it, Contact Lens alone provides the sentiment. */
  trigger?: { functionArn: string; recording: boolean };
  /** Turns on real-time Contact Lens in this language, for example `es-US`. */
  contactLens?: { language: string };
}

/** Seconds that the flow waits for the trigger. The trigger answers within 2, and Amazon Connect allows 8. */
const TRIGGER_SECONDS = "5";

type Step = Pick<FlowAction, "Identifier" | "Type" | "Parameters"> & { errors: string[] };

/**
 * Returns an inbound flow that starts the monitoring of a call and then queues the call. After a failure the call goes on to the
 * next block, because a caller must not notice a fault of the monitoring. If no queue takes the call, the flow apologises and
 * hangs up.
 */
export function flowContent({ queueArn, language, trigger, contactLens }: FlowOptions): FlowContent {
  const steps: Step[] = [step("log", "UpdateFlowLoggingBehavior", { FlowLoggingBehavior: "Enabled" }, [])];
  if (contactLens) steps.push(step("analyse", "UpdateContactRecordingBehavior", analyse(contactLens.language), []));
  if (trigger) {
    steps.push(
      step("stream-audio", "UpdateContactMediaStreamingBehavior", {
        MediaStreamingState: "Enabled",
        MediaStreamType: "Audio",
        Participants: [{ ParticipantType: "Customer", MediaDirections: ["To", "From"] }],
      }),
      step("set-attributes", "UpdateContactAttributes", {
        Attributes: {
          transcribeCall: "true",
          streamAudioFromCustomer: "true",
          streamAudioToCustomer: "true",
          saveCallRecording: String(trigger.recording),
          languageCode: language,
        },
      }),
      step("start-transcription", "InvokeLambdaFunction", {
        LambdaFunctionARN: trigger.functionArn,
        InvocationTimeLimitSeconds: TRIGGER_SECONDS,
        ResponseValidation: { ResponseType: "STRING_MAP" },
      }),
    );
  }
  steps.push(step("choose-queue", "UpdateContactTargetQueue", { QueueId: queueArn }));
  const onward: FlowAction[] = steps.map(({ errors, ...action }, index) => {
    const next = steps[index + 1]?.Identifier ?? "to-queue";
    return { ...action, Transitions: { NextAction: next, Errors: errors.map((ErrorType) => ({ ErrorType, NextAction: next })) } };
  });
  return {
    Version: "2019-10-30",
    StartAction: "log",
    Metadata: {
      entryPointPosition: { x: 40, y: 40 },
      ActionMetadata: positions([...onward.map((action) => action.Identifier), "to-queue", "apologise", "hang-up"]),
    },
    Actions: [
      ...onward,
      {
        Identifier: "to-queue",
        Type: "TransferContactToQueue",
        Parameters: {},
        Transitions: {
          NextAction: "apologise",
          Errors: [
            { ErrorType: "QueueAtCapacity", NextAction: "apologise" },
            { ErrorType: "NoMatchingError", NextAction: "apologise" },
          ],
        },
      },
      {
        Identifier: "apologise",
        Type: "MessageParticipant",
        Parameters: { Text: apology(language) },
        Transitions: { NextAction: "hang-up", Errors: [{ ErrorType: "NoMatchingError", NextAction: "hang-up" }] },
      },
      { Identifier: "hang-up", Type: "DisconnectParticipant", Parameters: {}, Transitions: {} },
    ],
  };
}

/** Adds the flow to the instance, with the blocks that the settings turn on. */
export function createFlow(
  stack: Stack,
  instance: Instance,
  { settings, flow, audio }: { settings: DeploymentSettings; flow: FlowSetting; audio: CallTranscription | null },
): CfnContactFlow {
  const language = settings.languages.default;
  const content = flowContent({
    queueArn: flow.queueArn,
    language,
    ...(audio && { trigger: { functionArn: audio.trigger.lambda.functionArn, recording: settings.recording.mode === "on" } }),
    ...(settings.contactLens.mode !== "off" && { contactLens: { language: settings.languages.map[language] ?? language } }),
  });
  const created = new CfnContactFlow(stack, "Flow", {
    instanceArn: instance.arn,
    name: flow.name,
    type: "CONTACT_FLOW",
    description: "Watches the call for the live board, then queues it.",
    content: stack.toJsonString(content),
  });
  // Amazon Connect refuses a flow with a function that is not associated with the instance.
  if (audio) created.addResourceDependency(audio.association);
  return created;
}

function step(Identifier: string, Type: string, Parameters: Record<string, unknown>, errors = ["NoMatchingError"]): Step {
  return { Identifier, Type, Parameters, errors };
}

/** Contact Lens analyses a call only if both sides are recorded. */
function analyse(language: string): Record<string, unknown> {
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

/** Places the blocks of the flow designer in one row from left to right. */
function positions(identifiers: string[]): Record<string, { position: { x: number; y: number } }> {
  return Object.fromEntries(identifiers.map((identifier, index) => [identifier, { position: { x: 200 + index * 240, y: 40 } }]));
}
