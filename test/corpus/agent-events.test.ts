import { expect, test } from "vitest";
import { handler } from "../../aws-ingest/handlers/agent-events.ts";
import { emittedMetrics } from "../support/emitted-metrics.ts";
import { batch } from "../support/lens-records.ts";
import { readerLab } from "../support/reader-lab.ts";
import { listIn, passedOverAs, samplesOf } from "./samples.ts";

const lab = readerLab();
const SAMPLES = samplesOf("agent-events");

test.each(SAMPLES)("The agent-events function reads the published record $name.", async (sample) => {
  const metrics = await emittedMetrics(async () => {
    expect(await handler(batch(sample.sample))).toEqual({ batchItemFailures: [] });
  });
  const passedOver = passedOverAs(sample);
  expect(lab.hub.updates()).toMatchObject(listIn(sample.expected, "updates"));
  expect(metrics).toEqual(passedOver === null ? { PostsAccepted: 1 } : { [passedOver]: 1 });
});

test("The corpus has each type of agent event and each state of a contact.", () => {
  const text = JSON.stringify(SAMPLES.map(({ sample }) => sample));
  for (const type of ["LOGIN", "LOGOUT", "STATE_CHANGE", "HEART_BEAT"]) expect(text).toContain(`"EventType":"${type}"`);
  const states = "INCOMING PENDING CONNECTING CONNECTED CONNECTED_ONHOLD ENDED MISSED REJECTED ERROR PAUSED".split(" ");
  for (const state of states) expect(text).toContain(`"State":"${state}"`);
  for (const type of ["ROUTABLE", "CUSTOM"]) expect(text).toContain(`"Type":"${type}"`);
  for (const channel of ["VOICE", "CHAT", "TASK", "EMAIL"]) expect(text).toContain(`"Channel":"${channel}"`);
});
