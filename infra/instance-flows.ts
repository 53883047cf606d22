import type { Stack } from "aws-cdk-lib";
import { CfnContactFlow } from "aws-cdk-lib/aws-connect";
import type { CallTranscription } from "./call-transcription.ts";
import {
  agentTransferFlow,
  agentWhisperFlow,
  type FlowOptions,
  inboundFlow,
  outboundWhisperFlow,
  queueTransferFlow,
} from "./contact-flow.ts";
import type { FlowContent } from "./flow-language.ts";
import type { DeploymentSettings, FlowSetting, Instance } from "./settings.ts";

/** A flow's name has at most 127 characters (CreateContactFlow). */
const MAX_NAME = 127;

/** The flows by what an administrator does with them in Amazon Connect. */
export interface InstanceFlows {
  /** Gets a phone number. */
  inbound: CfnContactFlow;
  /** Is chosen in a queue, for the calls that its agents make and for callbacks. */
  outbound: CfnContactFlow;
  /** Is chosen in a quick connect to a queue. */
  toQueue: CfnContactFlow;
  /** Is chosen in a quick connect to an agent. */
  toAgent: CfnContactFlow;
}

/** Adds the flows to the instance, with the blocks that the settings turn on. */
export function createFlows(
  stack: Stack,
  instance: Instance,
  { settings, flow, audio }: { settings: DeploymentSettings; flow: FlowSetting; audio: CallTranscription | null },
): InstanceFlows {
  const create = (id: string, type: string, suffix: string, description: string, content: FlowContent): CfnContactFlow => {
    const name =
      suffix === "" ? flow.name : `${flow.name.replace(/ inbound$/i, "").slice(0, MAX_NAME - suffix.length - 1)} ${suffix}`;
    const created = new CfnContactFlow(stack, id, {
      instanceArn: instance.arn,
      name,
      type,
      description,
      content: stack.toJsonString(content),
    });
    // Amazon Connect refuses a flow with a function that is not associated with the instance.
    if (audio) created.addResourceDependency(audio.association);
    return created;
  };
  const language = settings.languages.default;
  const options: FlowOptions = {
    language,
    ...(audio && { trigger: { functionArn: audio.trigger.lambda.functionArn, recording: settings.recording.mode === "on" } }),
    ...(settings.contactLens.mode !== "off" && { contactLens: { language: settings.languages.map[language] ?? language } }),
  };
  const whisper =
    options.trigger &&
    create("Whisper", "AGENT_WHISPER", "whisper", "Starts the transcription of a call.", agentWhisperFlow(options.trigger));
  const routing = { ...options, ...(whisper && { whisperArn: whisper.attrContactFlowArn }) };
  const { queueArn } = flow;
  return {
    inbound: create(
      "Flow",
      "CONTACT_FLOW",
      "",
      "Watches the call for the live board, then queues it.",
      inboundFlow({ ...routing, queueArn }),
    ),
    outbound: create(
      "Outbound",
      "OUTBOUND_WHISPER",
      "outbound",
      "Watches an outbound call or callback.",
      outboundWhisperFlow(options),
    ),
    toQueue: create(
      "ToQueue",
      "QUEUE_TRANSFER",
      "transfer to queue",
      "Watches a call transferred to a queue.",
      queueTransferFlow(routing),
    ),
    toAgent: create(
      "ToAgent",
      "AGENT_TRANSFER",
      "transfer to agent",
      "Watches a call transferred to an agent.",
      agentTransferFlow(routing),
    ),
  };
}
