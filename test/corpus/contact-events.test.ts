import { expect, test } from "vitest";
import { handler } from "../../aws-ingest/handlers/contact-events.ts";
import { emittedMetrics } from "../support/emitted-metrics.ts";
import { readerLab } from "../support/reader-lab.ts";
import { listIn, passedOverAs, samplesOf } from "./samples.ts";

const lab = readerLab();
const SAMPLES = samplesOf("contact-events");
const UNREAD = ["RecordsForeign", "RecordsRefused", "RecordsUnknown", "MembersSkipped", "ValuesCut"];

test.each(SAMPLES)("The contact-events function reads the published event $name.", async (sample) => {
  const metrics = await emittedMetrics(() => handler(sample.sample));
  const passedOver = passedOverAs(sample);
  if (passedOver !== null) {
    expect([lab.hub.updates(), metrics]).toEqual([[], { [passedOver]: 1 }]);
    return;
  }
  for (const metric of UNREAD) expect(metrics).not.toHaveProperty(metric);
  expect(lab.hub.updates()).toEqual(listIn(sample.expected, "updates"));
});

test("The corpus has each type of contact event and both spellings of their fields.", () => {
  const text = JSON.stringify(SAMPLES.map(({ sample }) => sample));
  const types =
    "INITIATED CONNECTED_TO_SYSTEM QUEUED CONNECTED_TO_AGENT DISCONNECTED COMPLETED CONTACT_DATA_UPDATED PAUSED RESUMED AMD_DISABLED";
  for (const type of types.split(" ")) expect(text).toContain(`"eventType":"${type}"`);
  expect(text).toContain('"EventType":"CONNECTED_TO_AGENT"');
});
