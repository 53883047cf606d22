import { type Home, instanceArn } from "./agent-event.ts";
import type { Queue } from "./staff.ts";

/** The data that the contact flow has about a call at its Lambda block. */
export interface FlowCall {
  contactId: string;
  kind: "webrtc" | "pstn";
  languageCode: string;
  /** null until the flow has chosen a queue, for example on a WebRTC call in its inbound flow. */
  queue: Queue | null;
  /** E.164. Only a PSTN call has a number. */
  customerNumber: string | null;
  recorded?: boolean;
  stream: { arn: string; startFragment: string; startedAt: number };
}

const OUR_NUMBER = "+525555550100";

/** Returns the event for the Lambda block of a contact flow ("Invoke AWS Lambda functions" in Amazon Connect's guide). */
export function flowEvent(home: Home, call: FlowCall): object {
  const attributes = {
    streamAudioFromCustomer: "true",
    streamAudioToCustomer: "true",
    transcribeCall: "true",
    saveCallRecording: String(call.recorded ?? false),
    languageCode: call.languageCode,
  };
  const instance = instanceArn(home);
  const webrtc = call.kind === "webrtc";
  return {
    Name: "ContactFlowEvent",
    Details: {
      ContactData: {
        Attributes: attributes,
        AwsRegion: home.region,
        Capabilities: webrtc ? { Agent: { Video: "SEND" }, Customer: { Video: "SEND" } } : null,
        Channel: "VOICE",
        ContactId: call.contactId,
        CustomerEndpoint: endpoint(call.customerNumber),
        CustomerId: null,
        Description: null,
        InitialContactId: call.contactId,
        InitiationMethod: webrtc ? "WEBRTC_API" : "INBOUND",
        InstanceARN: instance,
        LanguageCode: call.languageCode,
        MediaStreams: {
          Customer: {
            Audio: {
              StartFragmentNumber: call.stream.startFragment,
              StartTimestamp: String(call.stream.startedAt),
              StreamARN: call.stream.arn,
            },
          },
        },
        Name: webrtc ? "Customer" : null,
        PreviousContactId: call.contactId,
        Queue:
          call.queue === null
            ? null
            : { ARN: `${instance}/queue/${call.queue.id}`, Name: call.queue.name, OutboundCallerId: endpoint(OUR_NUMBER) },
        References: {},
        RelatedContactId: null,
        SegmentAttributes: {
          "connect:Direction": { ValueString: "INBOUND" },
          "connect:Subtype": { ValueString: webrtc ? "connect:WebRTC" : "connect:Telephony" },
        },
        SystemEndpoint: webrtc ? null : endpoint(OUR_NUMBER),
        Tags: attributes,
      },
      Parameters: {},
    },
  };
}

function endpoint(number: string | null): object | null {
  return number === null ? null : { Address: number, Type: "TELEPHONE_NUMBER" };
}
