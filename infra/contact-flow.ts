import type { Stack } from "aws-cdk-lib";
import { CfnContactFlow } from "aws-cdk-lib/aws-connect";
import type { CallTranscription } from "./call-transcription.ts";
import type { DeploymentSettings, FlowSetting, Instance } from "./context.ts";

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
  /** The language a call is announced with, e.g. `es-MX`. */
  language: string;
  /** Stream the audio and start the trigger; absent = the sentiment comes from Contact Lens alone. */
  trigger?: { functionArn: string; recording: boolean };
  /** Turn on real-time Contact Lens in this language, e.g. `es-US`. */
  contactLens?: { language: string };
}

/** Seconds the caller may have to wait for the trigger. It answers within 2; Amazon Connect allows 8. */
const TRIGGER_SECONDS = "5";

type Step = Pick<FlowAction, "Identifier" | "Type" | "Parameters"> & { errors: string[] };

/**
 * An inbound flow that watches the call and then queues it. Whatever fails on the way, the call goes on to the next block:
 * a caller must never notice that somebody's monitoring is broken. Only when no queue takes the call does it end, with a word.
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

/** Puts the flow into the instance, built from what the deployment has turned on. */
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
  // Amazon Connect refuses a flow that names a function it has not been told about.
  if (audio) created.addResourceDependency(audio.association);
  return created;
}

function step(Identifier: string, Type: string, Parameters: Record<string, unknown>, errors = ["NoMatchingError"]): Step {
  return { Identifier, Type, Parameters, errors };
}

/** Contact Lens analyses only what is recorded on both sides. */
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

/** Where the flow designer draws each block: one row, left to right. */
function positions(identifiers: string[]): Record<string, { position: { x: number; y: number } }> {
  return Object.fromEntries(identifiers.map((identifier, index) => [identifier, { position: { x: 200 + index * 240, y: 40 } }]));
}
