import { expect, test } from "vitest";
import { ForeignValues } from "../../../aws-ingest/connect/foreign-values.ts";
import { type FigureRow, type QueueAnswers, queueSnapshots } from "../../../aws-ingest/connect/queue-figures.ts";
import { MAX_BODY_BYTES, parseUpdates } from "../../../protocol/updates.ts";

const TAKEN_AT = 1_795_603_215_000;
const row = (queueId: string, figures: Record<string, number | undefined>, channel?: string): FigureRow => ({
  Dimensions: { Queue: { Id: queueId }, ...(channel && { Channel: channel }) },
  Collections: Object.entries(figures).map(([Name, Value]) => ({ Metric: { Name }, ...(Value !== undefined && { Value }) })),
});
const ANSWERS: QueueAnswers = {
  names: new Map([["q1", "Ventas"]]),
  agents: [],
  contacts: [],
  profiles: null,
  takenAt: TAKEN_AT,
  complete: true,
};
function snapshotsOf(answers: Partial<QueueAnswers>, values = new ForeignValues()) {
  const snapshots = queueSnapshots({ ...ANSWERS, ...answers }, new Map(), values);
  for (const snapshot of snapshots) {
    const body = JSON.stringify({ updates: [snapshot] });
    expect(Buffer.byteLength(body)).toBeLessThanOrEqual(MAX_BODY_BYTES);
    expect(parseUpdates(body, TAKEN_AT)).toMatchObject({ ok: true });
  }
  return snapshots;
}

test("QEV-5 A figure that is missing is null, and a channel without a row is left out.", () => {
  const contacts = [
    row("q1", { CONTACTS_IN_QUEUE: 0, OLDEST_CONTACT_AGE: undefined, CONTACTS_SCHEDULED: undefined }, "VOICE"),
    row("q1", {}, "CHAT"),
  ];
  expect(snapshotsOf({ contacts, agents: null })[0]?.queues).toEqual([
    {
      queueId: "q1",
      name: "Ventas",
      serviceLevelSeconds: 20,
      channels: [
        { channel: "voice", waiting: 0, oldestSeconds: null, scheduled: null, estimatedWaitSeconds: null },
        { channel: "chat", waiting: null, oldestSeconds: null, scheduled: null, estimatedWaitSeconds: null },
      ],
      staffed: null,
      available: null,
    },
  ]);
});

test("A row that names its queue by the ARN alone is that of the queue.", () => {
  const arn = "arn:aws:connect:us-east-1:111122223333:instance/i/queue/q1";
  const Collections = [{ Metric: { Name: "AGENTS_STAFFED" }, Value: 7 }];
  expect(snapshotsOf({ agents: [{ Dimensions: { Queue: { Arn: arn } }, Collections }] })[0]?.queues).toMatchObject([
    { staffed: 7 },
  ]);
});

test.each([Number.NaN, Number.POSITIVE_INFINITY, -1])("A figure of %d is unknown.", (value) => {
  const contacts = [row("q1", { CONTACTS_IN_QUEUE: value, OLDEST_CONTACT_AGE: value }, "VOICE")];
  expect(snapshotsOf({ contacts })[0]?.queues[0]?.channels).toMatchObject([{ waiting: null, oldestSeconds: null }]);
});

test("A count is whole, and an age may have a fraction.", () => {
  const contacts = [row("q1", { CONTACTS_IN_QUEUE: 3.0000001, OLDEST_CONTACT_AGE: 74.5 }, "VOICE")];
  expect(snapshotsOf({ contacts })[0]?.queues[0]?.channels).toMatchObject([{ waiting: 3, oldestSeconds: 74.5 }]);
});

test("Rows of other queues and of new channels are passed over, and a new channel is counted.", () => {
  const values = new ForeignValues();
  const contacts = [row("q9", { CONTACTS_IN_QUEUE: 1 }, "VOICE"), row("q1", { CONTACTS_IN_QUEUE: 1 }, "HOLOGRAM"), {}];
  expect(snapshotsOf({ contacts }, values)[0]?.queues).toMatchObject([{ queueId: "q1", channels: [] }]);
  expect(values.flaws).toEqual({ cut: 0, skipped: 1 });
});

test("A name that is longer than the protocol allows is cut, and a queue without a name has its id.", () => {
  const names = new Map([
    ["q1", "V".repeat(300)],
    ["q2", ""],
  ]);
  const [cut, bare] = snapshotsOf({ names })[0]?.queues ?? [];
  expect([cut?.name.length, bare?.name]).toEqual([256, "q2"]);
});

test("More queues than fit into one post come in several snapshots, and none of them is complete.", () => {
  const ids = Array.from({ length: 4000 }, (_, index) => `88888888-0000-4000-8000-${String(index).padStart(12, "0")}`);
  const contacts = ids.flatMap((id) => ["VOICE", "CHAT", "TASK"].map((channel) => row(id, { CONTACTS_IN_QUEUE: 1 }, channel)));
  const profiles = [{ name: "Ventas", queueIds: ids.slice(0, 9) }];
  const snapshots = snapshotsOf({ names: new Map(ids.map((id) => [id, `Cola ${id}`])), contacts, profiles });
  expect(snapshots.length).toBeGreaterThan(1);
  expect(snapshots.flatMap(({ queues }) => queues).map(({ queueId }) => queueId)).toEqual(ids);
  expect(snapshots.map(({ complete }) => complete)).not.toContain(true);
  expect(snapshots.flatMap((snapshot) => snapshot.profiles ?? [])).toEqual([{ name: "Ventas", queues: ids.slice(0, 9) }]);
});

test("A list of more queues than a snapshot may have is not complete, so the hub keeps those that it leaves out.", () => {
  const names = (count: number) => new Map(Array.from({ length: count }, (_, index) => [`q${index}`, `${index}`]));
  expect(snapshotsOf({ names: names(5000) })).toMatchObject([{ complete: true, queues: { length: 5000 } }]);
  expect(snapshotsOf({ names: names(5001) })).toMatchObject([{ complete: false, queues: { length: 5000 } }]);
});

test("Routing profiles that fit into no post are left out and counted, and the figures are posted.", () => {
  const values = new ForeignValues();
  const queueIds = Array.from({ length: 5000 }, (_, index) => `88888888-0000-4000-8000-${String(index).padStart(12, "0")}`);
  const profiles = Array.from({ length: 9 }, (_, index) => ({ name: `Profile ${index}`, queueIds }));
  const snapshots = snapshotsOf({ profiles }, values);
  expect(snapshots.map(({ profiles: posted }) => posted)).toEqual([undefined]);
  expect(values.flaws.skipped).toBe(9);
});
