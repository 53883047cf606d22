import { expect, test } from "vitest";
import { handler } from "../../aws-ingest/handlers/queues.ts";
import { ServiceError, startService } from "../../local/aws/service.ts";
import { readerLab } from "../support/reader-lab.ts";
import { samplesOf } from "./samples.ts";

const SAMPLES = samplesOf("queues-api");
const QUEUE = "88888888-0000-4000-8000-000000000001";
const CONTACT = "b373d225-c6c8-48eb-b7ec-e3ce4135a7e9";
const asked = new Set<string>();
// The stand-in of Amazon Connect writes its answers itself. These have the published form.
const lab = readerLab(async () => {
  const service = await startService({
    serve: ({ method, url }) => {
      const found = SAMPLES.find(({ sample }) => sample["method"] === method && sample["path"] === url.pathname);
      if (found === undefined) throw new ServiceError(404, "ResourceNotFoundException", url.pathname);
      asked.add(found.name);
      return { status: 200, headers: { "content-type": "application/json" }, body: JSON.stringify(found.sample["answer"]) };
    },
  });
  return { env: { AWS_ENDPOINT_URL_CONNECT: service.url }, close: () => service.close() };
});

test("The queues function reads the published answers of Amazon Connect's API.", async () => {
  lab.hub.doubtNext([CONTACT]);
  expect(await handler({ once: true })).toEqual({ queues: 1 });
  expect([...asked].toSorted()).toEqual(SAMPLES.map(({ name }) => name));
  const [snapshot, contact] = lab.hub.updates();
  expect(snapshot).toMatchObject({
    type: "queue.snapshot",
    takenAt: 1_772_460_600_000,
    complete: true,
    queues: [
      {
        queueId: QUEUE,
        name: "BasicQueue",
        channels: [{ channel: "voice", waiting: 3, oldestSeconds: 74, scheduled: 0, estimatedWaitSeconds: null }],
        staffed: 7,
        available: 1,
      },
    ],
    profiles: [{ name: "Basic Routing Profile", queues: [QUEUE] }],
  });
  expect(contact).toMatchObject({
    type: "contact.queue",
    contactId: CONTACT,
    channel: "voice",
    method: "inbound",
    queueId: QUEUE,
    enqueuedAt: 1_772_460_320_505,
    connectedAt: 1_772_460_332_202,
    endedAt: 1_772_460_567_394,
    agentId: "0aa1bb22-1111-4222-8333-444455556666",
  });
  expect(JSON.stringify(contact)).not.toContain("5555550199");
});
