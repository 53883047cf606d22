import { describe, expect, test } from "vitest";
import { type FlowContent, flowContent } from "../../infra/contact-flow.ts";
import { ofType, synthesise } from "./synthesised.ts";

const QUEUE = "arn:aws:connect:us-east-1:111122223333:instance/i/queue/q";
const both = flowContent({
  queueArn: QUEUE,
  language: "es-MX",
  trigger: { functionArn: "arn:aws:lambda:us-east-1:111122223333:function:trigger", recording: true },
  contactLens: { language: "es-US" },
});

/** Returns the block types on the way of a call. `fails` says which blocks take their error branch. */
function walk(flow: FlowContent, fails: (type: string) => boolean): string[] {
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

describe("Contact flow", () => {
  test("The flow streams the audio, then starts the transcription, then queues the call.", () => {
    expect(walk(both, () => false).slice(0, 7)).toEqual([
      "UpdateFlowLoggingBehavior",
      "UpdateContactRecordingBehavior",
      "UpdateContactMediaStreamingBehavior",
      "UpdateContactAttributes",
      "InvokeLambdaFunction",
      "UpdateContactTargetQueue",
      "TransferContactToQueue",
    ]);
  });

  const watching = both.Actions.filter(({ Type }) => !["TransferContactToQueue", "MessageParticipant"].includes(Type));
  test.each(watching.map(({ Type }) => Type))("A call reaches its queue after a failure of the block %s.", (type) => {
    expect(walk(both, (current) => current === type)).toEqual(walk(both, () => false));
    expect(walk(both, (current) => current !== "TransferContactToQueue")).toContain("TransferContactToQueue");
  });

  test("The flow plays a message and hangs up when the queue takes no more calls.", () => {
    const types = walk(both, (type) => type === "TransferContactToQueue");
    expect(types.slice(-2)).toEqual(["MessageParticipant", "DisconnectParticipant"]);
  });

  test("Every block of the flow is reachable, and every transition leads to a block.", () => {
    const known = new Set(both.Actions.map(({ Identifier }) => Identifier));
    const targets = both.Actions.flatMap(({ Transitions }) => [
      Transitions.NextAction ?? [],
      ...(Transitions.Errors ?? []).map(({ NextAction }) => NextAction),
    ]).flat();
    for (const target of targets) expect(known).toContain(target);
    expect(new Set([both.StartAction, ...targets])).toEqual(known);
  });

  test("The flow sets five attributes, all as text.", () => {
    const attributes = both.Actions.find(({ Type }) => Type === "UpdateContactAttributes")?.Parameters["Attributes"];
    expect(attributes).toEqual({
      transcribeCall: "true",
      streamAudioFromCustomer: "true",
      streamAudioToCustomer: "true",
      saveCallRecording: "true",
      languageCode: "es-MX",
    });
  });

  test("The flow streams both directions of the customer's audio.", () => {
    const media = both.Actions.find(({ Type }) => Type === "UpdateContactMediaStreamingBehavior")?.Parameters;
    expect(media?.["Participants"]).toEqual([{ ParticipantType: "Customer", MediaDirections: ["To", "From"] }]);
  });

  test("A flow for Contact Lens alone calls no function.", () => {
    const types = walk(flowContent({ queueArn: QUEUE, language: "en-US", contactLens: { language: "en-US" } }), () => false);
    expect(types).toContain("UpdateContactRecordingBehavior");
    expect(types).not.toContain("InvokeLambdaFunction");
  });

  test("The flow of the stack depends on the trigger's association and names the queue of the settings.", () => {
    const template = synthesise();
    const [flow] = ofType(template, "AWS::Connect::ContactFlow");
    const [association] = ofType(template, "AWS::Connect::IntegrationAssociation");
    expect(flow?.dependsOn).toContain(association?.id);
    const content = JSON.parse(String(flow?.properties["Content"]));
    expect(JSON.stringify(content)).toContain("/queue/88888888-0000-4000-8000-000000000001");
    expect(ofType(synthesise({ flow: { mode: "off" } }), "AWS::Connect::ContactFlow")).toEqual([]);
  });
});
