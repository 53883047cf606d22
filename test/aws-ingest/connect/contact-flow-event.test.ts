import { expect, test } from "vitest";
import { readCallWishes } from "../../../aws-ingest/connect/call-wishes.ts";
import { parseFlowEvent } from "../../../aws-ingest/connect/contact-flow-event.ts";

const STREAM = "arn:aws:kinesisvideo:us-east-1:111122223333:stream/vigia-connect-acme-contact-1/1714358493195";
const AUDIO = {
  StreamARN: STREAM,
  StartFragmentNumber: "91343852333181432392682062662105165711654869872",
  StartTimestamp: "1714363529673",
};
const DATA = {
  Attributes: { transcribeCall: "true", languageCode: "es-MX" },
  Channel: "VOICE",
  ContactId: "second-contact",
  InitialContactId: "first-contact",
  InstanceARN: "arn:aws:connect:us-east-1:111122223333:instance/this-instance",
  LanguageCode: "en-US",
  MediaStreams: { Customer: { Audio: AUDIO } },
};
const parse = (fields: object = {}) => parseFlowEvent({ Details: { ContactData: { ...DATA, ...fields } } });
const withAudio = (fields: object) => parse({ MediaStreams: { Customer: { Audio: { ...AUDIO, ...fields } } } });

test("A transferred call keeps the id of its first contact, its attributes and the place of its audio.", () => {
  expect(parse()).toEqual({
    ok: true,
    contact: {
      contactId: "second-contact",
      initialContactId: "first-contact",
      instanceId: "this-instance",
      channel: "VOICE",
      attributes: DATA.Attributes,
      language: "es-MX",
      media: { streamArn: STREAM, startTimestamp: 1_714_363_529_673, startFragment: AUDIO.StartFragmentNumber },
    },
  });
});

test.each([null, "", undefined])("A contact whose InitialContactId is %j has no initial contact.", (InitialContactId) => {
  expect(parse({ InitialContactId })).toMatchObject({ contact: { initialContactId: null } });
});

test.each([
  [{ languageCode: "es-MX" }, "en-US", "es-MX"],
  [{ languageCode: "" }, "en-US", "en-US"],
  [{ languageCode: " es-MX " }, "en-US", "es-MX"],
  [{}, "en-US", "en-US"],
  [null, "", null],
  [null, null, null],
  [undefined, undefined, null],
])("With the attributes %j and the flow's language %j the contact's language is %j.", (Attributes, LanguageCode, language) => {
  expect(parse({ Attributes, LanguageCode })).toMatchObject({ contact: { language, attributes: Attributes ?? {} } });
});

test("A null attribute counts as absent and costs the call nothing.", () => {
  const Attributes = { transcribeCall: "true", languageCode: null, saveCallRecording: null, team: "Ventas" };
  expect(parse({ Attributes })).toMatchObject({ ok: true, contact: { language: "en-US" } });
  const parsed = parse({ Attributes });
  expect(parsed.ok && parsed.contact.attributes).toEqual({ transcribeCall: "true", team: "Ventas" });
});

test("An attribute that is no text costs the call nothing.", () => {
  const Attributes = {
    transcribeCall: true,
    streamAudioToCustomer: false,
    tries: 3,
    team: { name: "Ventas" },
    saveCallRecording: [],
  };
  const parsed = parse({ Attributes });
  expect(parsed).toMatchObject({ ok: true, contact: { language: "en-US" } });
  const attributes = parsed.ok ? parsed.contact.attributes : {};
  expect(attributes).toMatchObject({ transcribeCall: "true", streamAudioToCustomer: "false", tries: "3" });
  expect(readCallWishes(attributes)).toEqual({
    transcribe: true,
    record: false,
    sides: { customer: true, agent: false },
    unreadable: ["saveCallRecording"],
  });
});

test.each([null, undefined, {}, { Customer: null }, { Customer: {} }, { Customer: { Audio: null } }])(
  "A contact with the media streams %j has no media.",
  (MediaStreams) => {
    expect(parse({ MediaStreams })).toMatchObject({ ok: true, contact: { media: null } });
  },
);

test.each([null, undefined])("A media stream whose StartFragmentNumber is %j starts at its time.", (StartFragmentNumber) => {
  expect(withAudio({ StartFragmentNumber })).toMatchObject({ contact: { media: { startFragment: null } } });
});

test.each([
  [parse({ ContactId: "" }), "ContactId"],
  [parse({ ContactId: "c".repeat(257) }), "ContactId"],
  [parse({ InitialContactId: "c".repeat(257) }), "InitialContactId"],
  [parse({ InstanceARN: "this-instance" }), "InstanceARN"],
  [parse({ Channel: null }), "Channel"],
  [parse({ Attributes: "transcribeCall" }), "Attributes"],
  [withAudio({ StreamARN: "+15555550100" }), "MediaStreams.Customer.Audio.StreamARN"],
  [withAudio({ StartTimestamp: 1_714_363_529_673 }), "MediaStreams.Customer.Audio.StartTimestamp"],
  [withAudio({ StartFragmentNumber: 91 }), "MediaStreams.Customer.Audio.StartFragmentNumber"],
])("A flow event is refused with the path of its first wrong field (%#).", (refused, path) => {
  expect(refused).toEqual({ ok: false, path: `Details.ContactData.${path}` });
});

test("An event that is no object is refused as a whole.", () => {
  expect(parseFlowEvent("hello")).toEqual({ ok: false, path: "event" });
});
