import { readFileSync } from "node:fs";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { parseFlowEvent } from "../../aws-ingest/connect/contact-flow-event.ts";
import { createExampleCall } from "../../local/trigger/example-call.ts";
import { readReplayedEvent } from "../../local/trigger/replayed-event.ts";

const EVENT: unknown = JSON.parse(readFileSync(new URL("../../examples/events/web-call.json", import.meta.url), "utf8"));
const SOUND = {
  StreamARN: "arn:aws:kinesisvideo:us-east-1:111122223333:stream/other/1",
  StartTimestamp: "1790000000000",
  StartFragmentNumber: "7",
};
const variant = (change: (text: string) => string): unknown => JSON.parse(change(JSON.stringify(EVENT)));
const replayed = (event: unknown) => {
  const found = readReplayedEvent(event);
  if (found === null) throw new Error("The event has no contact id.");
  return found;
};

describe("The replayed event", () => {
  test("The example event is one that the trigger understands.", () => {
    expect(parseFlowEvent(EVENT)).toMatchObject({
      ok: true,
      contact: { channel: "VOICE", attributes: { transcribeCall: "true", saveCallRecording: "true", languageCode: "en-US" } },
    });
  });

  test("A replayed event has a new contact and the new sound, and every other field of its file.", () => {
    const given = replayed(EVENT).withSound("new-contact", SOUND);
    const restored = JSON.stringify(given).replaceAll("new-contact", "b373d225-c6c8-48eb-b7ec-e3ce4135a7e9");
    expect(parseFlowEvent(given)).toMatchObject({
      contact: {
        contactId: "new-contact",
        initialContactId: "new-contact",
        media: { streamArn: SOUND.StreamARN, startTimestamp: 1_790_000_000_000, startFragment: "7" },
      },
    });
    const audio = { Customer: { Audio: SOUND } };
    const shape = v.looseObject({ Details: v.looseObject({ ContactData: v.looseObject({}) }) });
    const original = v.parse(shape, EVENT);
    original.Details.ContactData["MediaStreams"] = audio;
    expect(JSON.parse(restored)).toEqual(original);
  });

  test("An event without sound stays without, so the trigger says so.", () => {
    const silent = variant((text) => text.replace(/"MediaStreams":\{.*?\}\}\}/, '"MediaStreams":{"Customer":{"Audio":null}}'));
    expect(parseFlowEvent(replayed(silent).withSound("new-contact", SOUND))).toMatchObject({ contact: { media: null } });
    const none = variant((text) => text.replace(/"MediaStreams":\{.*?\}\}\}/, '"MediaStreams":null'));
    expect(parseFlowEvent(replayed(none).withSound("new-contact", SOUND))).toMatchObject({ contact: { media: null } });
  });

  test.each([
    ["es-MX", "es"],
    [" ES ", "es"],
    ["en-US", "en"],
    ["pt-BR", "en"],
  ])("A call whose language is %s is spoken in %s.", (code, language) => {
    expect(replayed(variant((text) => text.replaceAll("en-US", code))).language).toBe(language);
  });

  test("Only the sides that the flow permits are expected on the hub.", () => {
    expect(replayed(EVENT).sides).toEqual({ customer: true, agent: true });
    const oneSided = variant((text) => text.replaceAll('"streamAudioToCustomer":"true"', '"streamAudioToCustomer":"false"'));
    expect(replayed(oneSided).sides).toEqual({ customer: true, agent: false });
  });

  test("An event without a contact id is none, so that the trigger refuses it as it is.", () => {
    expect(readReplayedEvent({})).toBeNull();
    expect(readReplayedEvent(null)).toBeNull();
    expect(readReplayedEvent(variant((text) => text.replace(/"ContactId":"[^"]+"/, '"ContactId":""')))).toBeNull();
  });
});

test("The example call has several sentences in both languages and ended just now.", () => {
  for (const language of ["es", "en"] as const) {
    const call = createExampleCall(language, 1_790_000_000_000);
    expect(Math.min(call.turns.customer, call.turns.agent)).toBeGreaterThanOrEqual(4);
    expect(1_790_000_000_000 - call.beganAt).toBeGreaterThan(15_000);
  }
});
