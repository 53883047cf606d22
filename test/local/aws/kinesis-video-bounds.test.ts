import { afterEach, expect, test } from "vitest";
import { type StandInKinesisVideo, startKinesisVideo } from "../../../local/aws/kinesis-video.ts";

const SAMPLES = 8192;
/** Epoch ms. All times in this test have as many digits, so that all fragments have as many bytes. */
let now = 1_714_363_529_000;
let kinesis: StandInKinesisVideo;
afterEach(() => kinesis.close());

/** Writes 1,024 ms of audio. */
function writeSecond(stream: string): void {
  const silence = new Int16Array(SAMPLES);
  kinesis.stream(stream).write({ contactId: "contact-1", atMs: now, fromCustomer: silence, toCustomer: silence });
}

test("Kinesis Video deletes audio when it is older than the retention, also on streams without new audio.", async () => {
  kinesis = await startKinesisVideo({ now: () => now, retentionMs: 60_000 });
  writeSecond("quiet");
  now += 59_000;
  writeSecond("busy");
  const { fragments, bytes } = kinesis.stored();
  expect(fragments).toBe(2);
  now += 2_000;
  writeSecond("busy");
  // Each second has as many bytes, so it is the one of the quiet stream that is gone.
  expect(kinesis.stored()).toEqual({ fragments: 2, bytes });
});

test("Kinesis Video never keeps more bytes than its limit.", async () => {
  kinesis = await startKinesisVideo({ now: () => now, maxBytes: 1024 * 1024 });
  for (let second = 0; second < 100; second += 1) writeSecond(`contact-${second % 5}`);
  const { fragments, bytes } = kinesis.stored();
  expect(bytes).toBeLessThanOrEqual(1024 * 1024);
  expect(fragments).toBe(Math.floor((1024 * 1024) / (bytes / fragments)));
});
