import { expect, test } from "vitest";
import { readCallWishes } from "../../../aws-ingest/connect/call-wishes.ts";

test.each(["true", "TRUE", "True", " true ", "\ttrue"])("The attribute value %j is true.", (value) => {
  const wishes = readCallWishes({
    transcribeCall: value,
    saveCallRecording: value,
    streamAudioFromCustomer: value,
    streamAudioToCustomer: value,
  });
  expect(wishes).toEqual({ transcribe: true, record: true, sides: { customer: true, agent: true }, unreadable: [] });
});

test.each(["false", "FALSE", " False "])("The attribute value %j is false.", (value) => {
  const wishes = readCallWishes({
    transcribeCall: value,
    saveCallRecording: value,
    streamAudioFromCustomer: value,
    streamAudioToCustomer: value,
  });
  expect(wishes).toEqual({ transcribe: false, record: false, sides: { customer: false, agent: false }, unreadable: [] });
});

test.each([{}, { transcribeCall: "", streamAudioToCustomer: " " }])(
  "Absent attributes (%j) neither transcribe nor record, and limit no side.",
  (attributes) => {
    expect(readCallWishes(attributes)).toEqual({
      ...{ transcribe: false, record: false, sides: { customer: true, agent: true }, unreadable: [] },
    });
  },
);

test.each(["yes", "1", "on", "maybe", "no", "flase"])("The value %j is neither true nor false and permits nothing.", (value) => {
  const attributes = { transcribeCall: value, saveCallRecording: value, streamAudioToCustomer: value };
  expect(readCallWishes(attributes)).toEqual({
    ...{ transcribe: false, record: false, sides: { customer: true, agent: false } },
    unreadable: ["transcribeCall", "saveCallRecording", "streamAudioToCustomer"],
  });
});
