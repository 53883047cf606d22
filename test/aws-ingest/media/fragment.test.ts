import { describe, expect, it } from "vitest";
import { belongsTo, channelOf } from "../../../aws-ingest/media/fragment.ts";
import { CONTACT } from "./capture.ts";

const OTHER = "11111111-2222-3333-4444-555555555555";

describe("The channel of a track", () => {
  it.each([
    ["AUDIO_FROM_CUSTOMER", 2, 0],
    ["AUDIO_TO_CUSTOMER", 2, 1],
    ["AUDIO_TO_CUSTOMER", 1, 1],
    ["Track_audio/L16", 1, 0],
    ["track-1", 1, 0],
    ["track-2", 1, 0],
    ["track-1", 2, null],
    ["VIDEO", 1, null],
  ])("named %s among %i tracks is %s.", (name, count, channel) => expect(channelOf(name, count)).toBe(channel));
});

it("A fragment without a contact id belongs to no contact.", () => {
  expect(belongsTo([CONTACT], { contactId: null })).toBe(false);
  expect(belongsTo([CONTACT, OTHER], { contactId: OTHER })).toBe(true);
});
