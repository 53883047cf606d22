import fc from "fast-check";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { parseFrame } from "../../../dashboard/client/frames.ts";
import { fakeAgent, fakeAlert, fakeQueue } from "../../../dashboard/client/testing.ts";
import { serverMessageSchema } from "../../../protocol/messages.ts";

const sentiment = { score: -2.5, quarters: [0, -5, null, null], recent: -5 };
const agent = fakeAgent({
  agentId: "a",
  status: "on a call",
  duration: 12,
  sentimentScore: -2.5,
  contactId: "c",
  channel: "voice",
  queue: "Ventas",
  groups: ["Mexico"],
  callStartedAt: 10,
  transcription: "lost",
  sentiment: { customer: sentiment, agent: sentiment },
});
const turn = {
  turnId: "t",
  role: "customer",
  beginMs: 0,
  endMs: 10,
  text: "hola",
  final: true,
  sentiment: "positive",
  occurredAt: 5,
};
const contact = { contactId: "c", channel: "chat", since: 5, ringingAt: "a", callback: false };
const quarter = { from: 0, queued: 4, answered: 2, abandoned: 1, callbacks: 1, withinTarget: 2 };
/** The members of a frame that are lists of rows. */
const LISTS = ["data", "turns", "contacts", "quarters", "queues", "alerts"];
const range = { epoch: "e", from: 1, to: 2, serverTime: 10 };

const FRAMES = [
  { type: "initialAgentList", epoch: "e", seq: 1, data: [agent], serverTime: 10, sessionExpiresAt: 20, comeBackWithinMs: 5_000 },
  { type: "initialAgentList", epoch: "e", seq: 1, data: [] },
  { type: "initialAgentList", epoch: "e", seq: 1, data: [], center: { name: "Ventas", timeZone: "UTC" } },
  { type: "resumed", ...range, data: [], removed: [], center: { name: null, timeZone: "UTC" } },
  {
    type: "initialAgentList",
    epoch: "e",
    seq: 1,
    data: [],
    queues: [fakeQueue({ queueId: "q" })],
    alerts: [fakeAlert({ alertId: "x" })],
  },
  {
    type: "agentStatusBatch",
    ...range,
    data: [{ agentId: "a", status: "away", queue: null, callStartedAt: null }],
    removed: ["b"],
  },
  { type: "resumed", ...range, data: [agent], removed: [] },
  {
    type: "agentStatusBatch",
    ...range,
    data: [],
    removed: [],
    queues: { data: [{ queueId: "q", waiting: 2 }], removed: ["r"] },
    alerts: { data: [], removed: ["x"] },
  },
  { type: "queueContacts", queueId: "q", contacts: [contact] },
  { type: "queueContacts", queueId: "q", contacts: [{ ...contact, ringingAt: null }], quarters: [quarter] },
  { type: "error", code: "not_allowed", message: "No.", queueId: "q", alertId: "x" },
  { type: "transcript", contactId: "c", turns: [turn, { ...turn, sentiment: null, final: false }], complete: false },
  { type: "refreshed", sessionExpiresAt: 1 },
  { type: "error", code: "bad_message", message: "No." },
  { type: "error", code: "not_allowed", message: "No.", contactId: "c" },
];
const LEGACY_FRAMES = [
  { type: "agentStatusUpdate", epoch: "e", seq: 1, data: agent },
  { type: "agentRemoved", data: { agentId: "a" } },
];

/** Returns the path of every place in a JSON value. */
function placesIn(value: unknown, path: readonly string[] = []): string[][] {
  if (typeof value !== "object" || value === null) return [[...path]];
  return [[...path], ...Object.entries(value).flatMap(([name, part]) => placesIn(part, [...path, name]))];
}

function changed(value: unknown, [name, ...rest]: readonly string[], change: unknown): unknown {
  if (name === undefined) return change;
  if (Array.isArray(value)) return value.map((part, index) => (String(index) === name ? changed(part, rest, change) : part));
  if (typeof value !== "object" || value === null) return value;
  return { ...value, [name]: changed(Reflect.get(value, name), rest, change) };
}

describe("The frame parser", () => {
  test.each(FRAMES)("accepts $type frames.", (frame) => {
    expect(parseFrame(JSON.stringify(frame))).toEqual(frame);
    expect(v.is(serverMessageSchema, frame)).toBe(true);
  });

  test("agrees with the protocol's own schemas about every frame with one changed place.", () => {
    const changedFrames = fc
      .constantFrom(...FRAMES)
      .chain((frame) =>
        fc.tuple(
          fc.constant(frame),
          fc.constantFrom(...placesIn(frame)),
          fc.constantFrom<unknown>(undefined, null, 0, -7.5, "", "voice", "busy", true, [], {}, [null], ["x"], [1, 2, 3, 4]),
        ),
      );
    fc.assert(
      fc.property(changedFrames, ([frame, place, change]) => {
        const json = JSON.stringify(changed(frame, place, change) ?? null);
        // Each row in a list is read where it is applied, and a wrong one drops only itself.
        fc.pre(!place.some((name, index) => LISTS.includes(place[index - 1] ?? "") && /^\d+$/.test(name)));
        fc.pre(!LISTS.includes(place.at(-1) ?? "") || !Array.isArray(change));
        expect(parseFrame(json) !== null).toBe(v.is(serverMessageSchema, JSON.parse(json)));
      }),
      { numRuns: 2000 },
    );
  });

  test.each(["", "pong", "{", "null", "[]", '"x"', '{"type":"news","data":1}', '{"type":"toString"}', '{"type":{}}'])(
    "returns null for %j.",
    (text) => {
      expect(parseFrame(text)).toBeNull();
    },
  );

  test.each(LEGACY_FRAMES)("FLU-8 The frame parser passes over $type, which no hub.v1 viewer gets.", (frame) => {
    expect(v.is(serverMessageSchema, frame)).toBe(true);
    expect(parseFrame(JSON.stringify(frame))).toBeNull();
  });

  test.each([
    ["turns", { type: "transcript", contactId: "c", complete: false }, turn, { ...turn, role: "supervisor" }],
    ["contacts", { type: "queueContacts", queueId: "q" }, contact, { ...contact, channel: "fax" }],
    ["quarters", { type: "queueContacts", queueId: "q", contacts: [] }, quarter, { ...quarter, queued: null }],
  ])("leaves out each of the %s that it cannot read, and nothing else.", (name, frame, right, wrong) => {
    const text = JSON.stringify({ ...frame, [name]: [null, wrong, right, "x"] });
    expect(parseFrame(text)).toEqual({ ...frame, [name]: [right] });
  });

  test("FLU-4 The frame parser accepts unknown fields.", () => {
    const frame = { type: "refreshed", sessionExpiresAt: 1, colour: "blue" };
    expect(parseFrame(JSON.stringify(frame))).toMatchObject({ type: "refreshed", sessionExpiresAt: 1 });
  });
});
