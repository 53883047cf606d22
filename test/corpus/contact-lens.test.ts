import { expect, test } from "vitest";
import { handler } from "../../aws-ingest/handlers/contact-lens.ts";
import { startConnect } from "../../local/aws/connect.ts";
import { startContactLens } from "../../local/aws/contact-lens.ts";
import { emittedMetrics } from "../support/emitted-metrics.ts";
import { INSTANCE } from "../support/ingest-lab.ts";
import { batch } from "../support/lens-records.ts";
import { readerLab } from "../support/reader-lab.ts";
import { listIn, passedOverAs, samplesOf } from "./samples.ts";

const lab = readerLab(async () => {
  const analysis = await startContactLens({ instanceId: INSTANCE });
  const connect = await startConnect({ roster: { instanceId: INSTANCE, statuses: [], routingProfiles: [], users: [] } });
  return {
    env: { AWS_ENDPOINT_URL_CONNECT_CONTACT_LENS: analysis.url, AWS_ENDPOINT_URL_CONNECT: connect.url },
    close: async () => void (await Promise.all([analysis.close(), connect.close()])),
  };
});
const SAMPLES = samplesOf("contact-lens");
const UNREAD = ["RecordsRefused", "RecordsUnknown", "MembersSkipped", "ValuesCut"];

test.each(SAMPLES)("The contact-lens function reads the published record $name.", async (sample) => {
  const metrics = await emittedMetrics(async () => {
    expect(await handler(batch(sample.sample))).toEqual({ batchItemFailures: [] });
  });
  const passedOver = passedOverAs(sample);
  if (passedOver !== null) {
    expect([lab.hub.updates(), metrics]).toEqual([[], { [passedOver]: 1 }]);
    return;
  }
  const contactId = sample.sample["ContactId"];
  const ofContact = () => lab.hub.updates().filter((update) => "contactId" in update && update.contactId === contactId);
  const wanted = listIn(sample.expected, "updates");
  for (const update of wanted) expect(ofContact()).toContainEqual(expect.objectContaining(update));
  const contents = ["contact.turn", "contact.category", "contact.ended"];
  expect(ofContact().filter(({ type }) => contents.includes(type))).toHaveLength(
    wanted.filter(({ type }) => contents.includes(String(type))).length,
  );
  for (const metric of UNREAD) expect(metrics).not.toHaveProperty(metric);

  const watched = listIn(sample.expected, "watchedUpdates");
  if (watched.length === 0) return;
  lab.hub.watch(String(contactId));
  await handler(batch(sample.sample));
  await handler(batch(sample.sample));
  for (const update of watched) expect(ofContact()).toContainEqual(expect.objectContaining(update));
});

test("The corpus has each type of record and each kind of segment of Contact Lens.", () => {
  const text = JSON.stringify(SAMPLES.map(({ sample }) => sample));
  for (const type of ["STARTED", "SEGMENTS", "COMPLETED", "FAILED"]) {
    expect(text).toContain(`"EventType":"${type}"`);
    expect(text).toContain(`"StreamingEventType":"${type}"`);
  }
  for (const kind of ["Utterance", "Transcript", "Categories", "PostContactSummary", "Event"])
    expect(text).toContain(`{"${kind}":`);
});
