import { readFileSync } from "node:fs";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import {
  agentTransferFlow,
  agentWhisperFlow,
  inboundFlow,
  outboundWhisperFlow,
  queueTransferFlow,
  type RoutingOptions,
} from "../../infra/contact-flow.ts";
import type { FlowContent } from "../../infra/flow-language.ts";
import { ACTION_RULES, type FlowType } from "./flow-rules.ts";
import { ofType, synthesise } from "./synthesised.ts";

const QUEUE = "arn:aws:connect:us-east-1:111122223333:instance/i/queue/q";
const WHISPER = "arn:aws:connect:us-east-1:111122223333:instance/i/contact-flow/w";
const trigger = { functionArn: "arn:aws:lambda:us-east-1:111122223333:function:trigger", recording: true };
const both: RoutingOptions = { language: "es-MX", trigger, contactLens: { language: "es-US" }, whisperArn: WHISPER };
const IMPORTED_FUNCTION = "arn:aws:lambda:us-east-1:111122223333:function:Vigia-Trigger";
const lensOnly = { language: "en-US", contactLens: { language: "en-US" } };

const flowSchema = v.object({
  Version: v.literal("2019-10-30"),
  StartAction: v.string(),
  Metadata: v.record(v.string(), v.unknown()),
  Actions: v.array(
    v.strictObject({
      Identifier: v.string(),
      Type: v.string(),
      Parameters: v.record(v.string(), v.unknown()),
      Transitions: v.strictObject({
        NextAction: v.exactOptional(v.string()),
        Errors: v.exactOptional(v.array(v.strictObject({ ErrorType: v.string(), NextAction: v.string() }))),
      }),
    }),
  ),
});
/** The flow that people import by hand. */
const imported = v.parse(flowSchema, JSON.parse(readFileSync("examples/flow/test-call.json", "utf8")));

const flows: [name: string, type: FlowType, content: FlowContent][] = [
  ["inbound", "CONTACT_FLOW", inboundFlow({ ...both, queueArn: QUEUE })],
  ["inbound with Contact Lens alone", "CONTACT_FLOW", inboundFlow({ ...lensOnly, queueArn: QUEUE })],
  ["whisper", "AGENT_WHISPER", agentWhisperFlow(trigger)],
  ["outbound", "OUTBOUND_WHISPER", outboundWhisperFlow(both)],
  ["outbound with Contact Lens alone", "OUTBOUND_WHISPER", outboundWhisperFlow(lensOnly)],
  ["queue transfer", "QUEUE_TRANSFER", queueTransferFlow(both)],
  ["agent transfer", "AGENT_TRANSFER", agentTransferFlow(both)],
  ["to import", "CONTACT_FLOW", imported],
];

/** Returns the block types on the way of a call. `fails` says which blocks take their error branch. */
function walk(flow: FlowContent, fails: (type: string) => boolean = () => false): string[] {
  const types: string[] = [];
  let next: string | undefined = flow.StartAction;
  while (next !== undefined && types.length < 50) {
    const action = flow.Actions.find(({ Identifier }) => Identifier === next);
    if (action === undefined) throw new Error(`A transition leads to the block ${next}, which does not exist.`);
    types.push(action.Type);
    const [error] = action.Transitions.Errors ?? [];
    next = error !== undefined && fails(action.Type) ? error.NextAction : action.Transitions.NextAction;
  }
  return types;
}

describe("The flow language", () => {
  test.each(flows)("Amazon Connect allows every block of the flow %s in a flow of its type.", (_, type, { Actions }) => {
    for (const action of Actions) {
      const rule = ACTION_RULES.get(action.Type);
      expect(rule?.types, action.Type).toContain(type);
      expect(Object.keys(action.Parameters), action.Type).toEqual(rule?.parameters);
      const handled = (action.Transitions.Errors ?? []).map(({ ErrorType }) => ErrorType);
      expect(handled, action.Type).toEqual(rule?.errors);
      expect(action.Transitions.NextAction === undefined, action.Type).toBe(rule?.terminal === true);
    }
  });

  test.each(flows)("Every block of the flow %s is reachable, and every transition leads to a block.", (_, __, flow) => {
    const known = flow.Actions.map(({ Identifier }) => Identifier);
    const targets = flow.Actions.flatMap(({ Transitions: { NextAction, Errors = [] } }) => [
      ...(NextAction === undefined ? [] : [NextAction]),
      ...Errors.map((error) => error.NextAction),
    ]);
    expect(new Set(known).size).toBe(known.length);
    expect(new Set([flow.StartAction, ...targets])).toEqual(new Set(known));
    expect(
      Object.keys(v.parse(v.object({ ActionMetadata: v.record(v.string(), v.unknown()) }), flow.Metadata).ActionMetadata),
    ).toEqual(known);
  });

  const monitoring = flows.flatMap(([name, , flow]) =>
    flow.Actions.filter(({ Type }) => !["TransferContactToQueue", "DisconnectParticipant"].includes(Type)).map(
      ({ Type }) => [name, Type, flow] as const,
    ),
  );
  test.each(monitoring)("In the flow %s a call goes on after a failure of the block %s.", (_, type, flow) => {
    expect(walk(flow, (current) => current === type)).toEqual(walk(flow));
  });
});

describe("The flows of a call", () => {
  test("The inbound flow sets the whisper flow and queues the call, without streaming the wait.", () => {
    expect(walk(inboundFlow({ ...both, queueArn: QUEUE })).slice(0, 6)).toEqual([
      "UpdateFlowLoggingBehavior",
      "UpdateContactRecordingBehavior",
      "UpdateContactAttributes",
      "UpdateContactEventHooks",
      "UpdateContactTargetQueue",
      "TransferContactToQueue",
    ]);
  });

  test("The whisper flow streams the audio, starts the transcription, and tells the agent the queue.", () => {
    expect(walk(agentWhisperFlow(trigger))).toEqual([
      "UpdateFlowLoggingBehavior",
      "UpdateContactMediaStreamingBehavior",
      "InvokeLambdaFunction",
      "MessageParticipant",
      "EndFlowExecution",
    ]);
  });

  test("The outbound flow calls the customer before it streams the audio and starts the transcription.", () => {
    expect(walk(outboundWhisperFlow(both)).slice(2)).toEqual([
      "UpdateContactAttributes",
      "CompleteOutboundCall",
      "UpdateContactMediaStreamingBehavior",
      "InvokeLambdaFunction",
      "EndFlowExecution",
    ]);
  });

  test.each([
    ["queue", queueTransferFlow(both), "TransferContactToQueue"],
    ["agent", agentTransferFlow(both), "TransferContactToAgent"],
  ])("A transfer to a %s sets the whisper flow for the next agent.", (_, flow, transfer) => {
    const hooks = flow.Actions.find(({ Type }) => Type === "UpdateContactEventHooks")?.Parameters;
    expect(hooks).toEqual({ EventHooks: { AgentWhisper: WHISPER } });
    const types = walk(flow);
    expect(types.indexOf("UpdateContactEventHooks")).toBeLessThan(types.indexOf(transfer));
  });

  test("A flow plays a message and hangs up when the queue takes no more calls.", () => {
    for (const flow of [inboundFlow({ ...both, queueArn: QUEUE }), queueTransferFlow(both)]) {
      const types = walk(flow, (type) => type === "TransferContactToQueue");
      expect(types.slice(-2)).toEqual(["MessageParticipant", "DisconnectParticipant"]);
    }
  });

  test("Every flow in which a call begins sets five attributes, all as text.", () => {
    for (const flow of [
      inboundFlow({ ...both, queueArn: QUEUE }),
      outboundWhisperFlow(both),
      queueTransferFlow(both),
      agentTransferFlow(both),
    ]) {
      expect(flow.Actions.find(({ Type }) => Type === "UpdateContactAttributes")?.Parameters["Attributes"]).toEqual({
        transcribeCall: "true",
        streamAudioFromCustomer: "true",
        streamAudioToCustomer: "true",
        saveCallRecording: "true",
        languageCode: "es-MX",
      });
    }
  });

  test("The audio is streamed in both directions of the customer.", () => {
    for (const flow of [agentWhisperFlow(trigger), outboundWhisperFlow(both)]) {
      const media = flow.Actions.find(({ Type }) => Type === "UpdateContactMediaStreamingBehavior")?.Parameters;
      expect(media?.["Participants"]).toEqual([{ ParticipantType: "Customer", MediaDirections: ["To", "From"] }]);
    }
  });

  test("The flow to import streams the call and starts its transcription as the stack's own flows do, and then queues it.", () => {
    expect(walk(imported)).toEqual([
      "UpdateFlowLoggingBehavior",
      "UpdateContactAttributes",
      "UpdateContactMediaStreamingBehavior",
      "InvokeLambdaFunction",
      "UpdateContactTargetQueue",
      "TransferContactToQueue",
      "MessageParticipant",
      "DisconnectParticipant",
    ]);
    const parametersOf = (flow: FlowContent, type: string) => flow.Actions.find(({ Type }) => Type === type)?.Parameters;
    const stack = agentWhisperFlow({ functionArn: IMPORTED_FUNCTION });
    for (const type of ["UpdateContactMediaStreamingBehavior", "InvokeLambdaFunction"]) {
      expect(parametersOf(imported, type)).toEqual(parametersOf(stack, type));
    }
    const attributes = inboundFlow({ ...both, trigger: { ...trigger, recording: false }, queueArn: QUEUE });
    expect(parametersOf(imported, "UpdateContactAttributes")).toEqual(parametersOf(attributes, "UpdateContactAttributes"));
  });

  test("The flow to import names the two resources to replace, by the account of the examples and by their names.", () => {
    const arns = [...JSON.stringify(imported).matchAll(/arn:[^"]+/g)].map(([arn]) => arn);
    expect(arns).toEqual([
      IMPORTED_FUNCTION,
      expect.stringMatching(/^arn:aws:connect:us-east-1:111122223333:instance\/.+\/queue\//),
    ]);
    for (const page of ["docs/first-call.md", "docs/first-call.es.md"]) {
      for (const arn of arns) expect(readFileSync(page, "utf8")).toContain(arn);
    }
    expect(imported.Metadata).toMatchObject({
      name: "Vigia test call",
      type: "contactFlow",
      ActionMetadata: {
        "choose-queue": { parameters: { QueueId: { displayName: "BasicQueue" } } },
        "start-transcription": { parameters: { LambdaFunctionARN: { displayName: "Vigia-Trigger" } } },
      },
    });
  });

  test("Flows for Contact Lens alone call no function and set no whisper flow.", () => {
    for (const flow of [
      inboundFlow({ ...lensOnly, queueArn: QUEUE }),
      outboundWhisperFlow(lensOnly),
      agentTransferFlow(lensOnly),
    ]) {
      const types = walk(flow);
      expect(types).toContain("UpdateContactRecordingBehavior");
      expect(types).not.toContain("InvokeLambdaFunction");
      expect(types).not.toContain("UpdateContactEventHooks");
    }
  });
});

describe("The flows of the stack", () => {
  const TYPE = "AWS::Connect::ContactFlow";

  test("There is one flow for each way in which a call begins, and their names differ.", () => {
    const created = ofType(synthesise(), TYPE).map(({ properties }) => [properties["Type"], properties["Name"]]);
    expect(Object.fromEntries(created)).toEqual({
      CONTACT_FLOW: "Vigia inbound",
      AGENT_WHISPER: "Vigia whisper",
      OUTBOUND_WHISPER: "Vigia outbound",
      QUEUE_TRANSFER: "Vigia transfer to queue",
      AGENT_TRANSFER: "Vigia transfer to agent",
    });
  });

  test("Every flow waits for the trigger's association, and the inbound flow names the queue of the settings.", () => {
    const template = synthesise();
    const [association] = ofType(template, "AWS::Connect::IntegrationAssociation");
    for (const { dependsOn } of ofType(template, TYPE)) expect(dependsOn).toContain(association?.id);
    const inbound = ofType(template, TYPE).find(({ properties }) => properties["Type"] === "CONTACT_FLOW");
    expect(JSON.stringify(JSON.parse(String(inbound?.properties["Content"])))).toContain(
      "/queue/88888888-0000-4000-8000-000000000001",
    );
  });

  test("A long name leaves room for what tells the flows apart.", () => {
    const name = "x".repeat(127);
    const queueArn =
      "arn:aws:connect:us-east-1:111122223333:instance/a8c17f30-f72c-4900-abd2-8745056c4c99/queue/88888888-0000-4000-8000-000000000001";
    const names = ofType(synthesise({ flow: { mode: "create", name, queueArn } }), TYPE).map(({ properties }) =>
      String(properties["Name"]),
    );
    expect(new Set(names).size).toBe(5);
    for (const each of names) expect(each.length).toBeLessThanOrEqual(127);
  });

  test("Contact Lens alone needs no whisper flow, and a stack without flows has none.", () => {
    const types = ofType(
      synthesise({ media: { mode: "off" }, recording: { mode: "off" }, contactLens: { mode: "managed" } }),
      TYPE,
    ).map(({ properties }) => properties["Type"]);
    expect(types.toSorted()).toEqual(["AGENT_TRANSFER", "CONTACT_FLOW", "OUTBOUND_WHISPER", "QUEUE_TRANSFER"]);
    expect(ofType(synthesise({ flow: { mode: "off" } }), TYPE)).toEqual([]);
  });
});
