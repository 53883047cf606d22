import fc from "fast-check";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { type ReadRow, readAgent, readAlert, readQueue } from "../../../dashboard/client/rows.ts";
import { fakeAgent, fakeAlert, fakeQueue } from "../../../dashboard/client/testing.ts";
import { agentSchema } from "../../../protocol/agent.ts";
import { centerAlertSchema } from "../../../protocol/alert.ts";
import { queueSchema } from "../../../protocol/queue.ts";

const sentiment = { score: -2.5, quarters: [0, -5, null, null], recent: -5 };
const agent = fakeAgent({
  agentId: "a",
  status: "on a call",
  statusName: "Available",
  duration: 12,
  sentimentScore: -2.5,
  contactId: "c",
  channel: "voice",
  groups: ["Mexico"],
  callStartedAt: 10,
  transcription: "lost",
  nextStatus: "Almuerzo",
  contacts: [
    {
      contactId: "c",
      channel: "voice",
      status: "on a call",
      since: 5,
      startedAt: 5,
      queue: "Ventas",
      direction: "inbound",
      sentimentScore: -2.5,
    },
  ],
  contactCount: 1,
  listening: [{ agentId: null, name: null, since: 6 }],
  capacity: [{ channel: "chat", used: 1, max: 3 }],
  sentiment: { customer: sentiment, agent: sentiment },
});
const queue = fakeQueue({ queueId: "q", waiting: 2, oldestSince: 5, channels: { voice: 1, chat: 1 }, profiles: ["Ventas"] });
const alert = fakeAlert({ alertId: "x", subject: { agentId: "a" }, groups: ["Mexico"], acknowledgedBy: "Eva" });

const KINDS: [name: string, row: object, read: ReadRow<object>, schema: v.GenericSchema][] = [
  ["agent", agent, readAgent, agentSchema],
  ["queue", queue, readQueue, queueSchema],
  ["alert", alert, readAlert, centerAlertSchema],
];

/** Returns the row as it would arrive, with other values at some places. */
const arrived = (row: object, change: object = {}): Record<string, unknown> => JSON.parse(JSON.stringify({ ...row, ...change }));

describe("The reader of rows", () => {
  test.each(KINDS)(
    "returns a right %s as it is, and what it makes of a wrong one fits the protocol's schema.",
    (_, row, read, schema) => {
      const values = fc.constantFrom<unknown>(null, 0, -7.5, "", "voice", "busy", true, [], {}, [null], ["x"], [1, 2, 3, 4]);
      const change = fc.dictionary(fc.constantFrom(...Object.keys(row)), values, { maxKeys: 3 });
      fc.assert(
        fc.property(change, (changes) => {
          const value = arrived(row, changes);
          const result = read(value);
          if (v.is(schema, value)) expect(result).toEqual(value);
          // A newer hub may know more channels than the schema.
          else if (result && !("channels" in changes)) expect(v.is(schema, arrived(result))).toBe(true);
        }),
        { numRuns: 500 },
      );
    },
  );

  test.each(KINDS)("FLU-4 The reader of rows accepts unknown fields of a %s.", (_, row, read) => {
    expect(read(arrived(row, { colour: "blue" }))).toMatchObject({ ...row, colour: "blue" });
  });

  test.each(KINDS)("tells a part of a %s from one that it cannot read.", (_, row, read) => {
    const [, name = ""] = Object.keys(row);
    const { [name]: _missing, ...part } = arrived(row);
    expect(read(part)).toBeUndefined();
    expect(read({ ...part, [name]: { later: true } })).toBeNull();
    expect(read({})).toBeUndefined();
  });

  test("CLI-1 A status that the client does not know becomes away, and its name stays.", () => {
    expect(readAgent(arrived(agent, { status: "in training", statusName: "Capacitación" }))).toMatchObject({
      status: "away",
      statusName: "Capacitación",
    });
    expect(readAgent(arrived(agent, { status: 7 }))).toBeNull();
  });

  test("CLI-1 Another word or value that the client does not know becomes null, or is left out where the field may be absent.", () => {
    const strange = {
      channel: "fax",
      transcription: "paused",
      sentiment: { customer: {} },
      capacity: "none",
      contacts: 2,
    };
    expect(readAgent(arrived(agent, strange))).toEqual({
      ...agent,
      channel: null,
      transcription: null,
      sentiment: null,
      capacity: undefined,
      contacts: undefined,
    });
  });

  test.each([
    ["contacts", "channel"],
    ["contacts", "status"],
    ["capacity", "channel"],
    ["listening", "name"],
  ] as const)("CLI-1 One of the %s with an unknown %s drops only itself.", (field, member) => {
    const [known] = agent[field] ?? [];
    const value = arrived(agent, { [field]: [null, { ...known, [member]: ["later"] }, known, "x"] });
    expect(readAgent(value)).toEqual({ ...agent, [field]: [known] });
  });

  test.each([
    ["severity", { severity: "info" }],
    ["state", { state: "snoozed" }],
    ["subject", { subject: { skillId: "s" } }],
    ["subject", { subject: "region" }],
  ])("CLI-1 An alert with an unknown %s is left out.", (_, change) => {
    expect(readAlert(arrived(alert, change))).toBeNull();
  });

  test("CLI-1 A queue keeps the channels that the client does not know.", () => {
    expect(readQueue(arrived(queue, { channels: { voice: 1, fax: 2 } }))?.channels).toEqual({ voice: 1, fax: 2 });
  });
});
