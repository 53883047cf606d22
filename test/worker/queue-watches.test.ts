import { evictDurableObject } from "cloudflare:test";
import { afterEach, expect, it, vi } from "vitest";
import { center, freshInstance, posted, ticket } from "./support.ts";
import { agentState } from "./updates.ts";
import { TestViewer, type TestViewerOptions } from "./viewer.ts";

afterEach(() => {
  vi.useRealTimers();
});

/** Returns the news that a call was put into a queue now. */
function queued(queueId: string, contactId: string) {
  const now = Date.now();
  const news = { type: "contact.queue", contactId, channel: "voice", method: "inbound", queueId };
  return { ...news, enqueuedAt: now, occurredAt: now };
}

const framesOf = ({ frames }: TestViewer, queueId: string) =>
  frames.filter((frame) => frame.type === "queueContacts" && frame["queueId"] === queueId);

/** Opens a viewer and waits for the first contacts of the queues that it watches. */
async function watching(instance: string, queueIds: readonly string[], options: TestViewerOptions = {}): Promise<TestViewer> {
  const viewer = await TestViewer.open(instance, options);
  for (const queueId of queueIds) {
    viewer.send({ type: "watchQueue", queueId });
    await viewer.until((each) => framesOf(each, queueId).length === 1, `the contacts of ${queueId}`);
  }
  return viewer;
}

/** Posts one more contact and waits until the viewer has as many of its queue. */
async function waitsIn(viewer: TestViewer, instance: string, queueId: string, contactId: string, count: number): Promise<void> {
  await posted(instance, queued(queueId, contactId));
  await viewer.until(
    (each) => framesOf(each, queueId).some(({ contacts }) => Array.isArray(contacts) && contacts.length === count),
    `${count} contacts of ${queueId}`,
  );
}

it("QUE-14 A watched queue goes on after the hub slept, and one that is no longer watched is sent no more, asleep or awake.", async () => {
  const instance = freshInstance();
  await posted(instance, queued("q1", "a1"), queued("q2", "b1"));
  const viewer = await watching(instance, ["q1", "q2"]);
  viewer.send({ type: "unwatchQueue", queueId: "q2" });
  await posted(instance, queued("q2", "b2"));
  await waitsIn(viewer, instance, "q1", "a2", 2);
  await evictDurableObject(center(instance));
  await posted(instance, queued("q2", "b3"));
  await waitsIn(viewer, instance, "q1", "a3", 3);
  await waitsIn(viewer, instance, "q1", "a4", 4);
  expect(framesOf(viewer, "q2")).toHaveLength(1);
  viewer.close();
});

it("QUE-14 A viewer whose new ticket hides a watched queue is told so, and one that still sees it gets it once more.", async () => {
  const instance = freshInstance();
  const profiles = [{ name: "Basic Routing Profile", queues: ["q1"] }];
  await posted(instance, agentState("a1", { groups: ["Ventas"] }), queued("q1", "c1"));
  await posted(instance, { type: "queue.snapshot", takenAt: Date.now(), complete: false, queues: [], profiles });
  const viewer = await watching(instance, ["q1"], { subject: "ana", groups: ["Ventas", "Soporte"] });
  viewer.send({ type: "refresh", ticket: await ticket(instance, { subject: "ana", groups: ["Ventas"] }) });
  await viewer.until((each) => framesOf(each, "q1").length === 2, "the contacts once more");
  viewer.send({ type: "refresh", ticket: await ticket(instance, { subject: "ana", groups: ["Soporte"] }) });
  await viewer.until(({ frames }) => frames.some(({ type }) => type === "error"), "the refusal");
  expect(viewer.last("error")).toMatchObject({ code: "not_allowed", queueId: "q1" });
  viewer.close();
});

it("QUE-14 Changes within a second come together.", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  const instance = freshInstance();
  await posted(instance, queued("q1", "c1"));
  const viewer = await watching(instance, ["q1"]);
  for (const contactId of ["c2", "c3", "c4"]) {
    const { seq } = await posted(instance, queued("q1", contactId));
    vi.setSystemTime(Date.now() + 200);
    await viewer.until((each) => each.seq >= seq, "the flush");
  }
  vi.setSystemTime(Date.now() + 1_000);
  await viewer.until((each) => framesOf(each, "q1").length > 1, "the changes");
  expect(framesOf(viewer, "q1").map(({ contacts }) => Array.isArray(contacts) && contacts.length)).toEqual([1, 4]);
  viewer.close();
});
