import { createHash } from "node:crypto";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, it } from "vitest";
import { ChannelInterleaver, type StereoChunk } from "../../../aws-ingest/media/channel-interleaver.ts";
import { FragmentReader } from "../../../aws-ingest/media/fragments.ts";
import { join, type WrittenBlock, writeDocument } from "../../../local/aws/matroska-writer.ts";
import { CONTACT, fragmentNumber, segment, T0, trailing, voice } from "./capture.ts";

const FRAGMENT_MS = 1024;
const FRAGMENTS = Math.floor((4 * 3_600_000) / FRAGMENT_MS);
const SAMPLES = 8192;
const sides = { customer: blocksOf(voice("customer", 0, SAMPLES), 1), agent: blocksOf(voice("agent", 0, SAMPLES), 2) };

function blocksOf(samples: Int16Array, track: number): WrittenBlock[] {
  const bytes = new Uint8Array(samples.buffer);
  return Array.from({ length: 16 }, (_, i) => ({
    track,
    relativeTime: i * 64,
    payload: bytes.subarray(i * 1024, (i + 1) * 1024),
  }));
}

/** The second quarter has only the customer's track. In the third the agent's track is silent. In the last, fragments come twice. */
function fragmentBytes(index: number): Uint8Array {
  const quarter = Math.floor((index * 4) / FRAGMENTS);
  const track = (number: number, name: string) => ({ number, name });
  const customer = track(1, "AUDIO_FROM_CUSTOMER");
  return writeDocument([
    segment({
      tracks: quarter === 1 ? [customer] : [customer, track(2, "AUDIO_TO_CUSTOMER")],
      tagsBefore: [[["ContactId", CONTACT]], [["AWS_KINESISVIDEO_FRAGMENT_NUMBER", fragmentNumber(index)]]],
      clusters: [
        {
          time: T0 + index * FRAGMENT_MS,
          blocks: quarter === 1 || quarter === 2 ? sides.customer : [...sides.customer, ...sides.agent],
        },
      ],
      tagsAfter: [trailing(index)],
    }),
  ]);
}

/** Heap and buffers in bytes after collections. The runtime frees buffers in the background, so the least of several values counts. */
async function memoryInUse(): Promise<number> {
  setFlagsFromString("--expose-gc");
  const looks: number[] = [];
  for (let i = 0; i < 6; i += 1) {
    runInNewContext("gc")();
    await new Promise((resolve) => setImmediate(resolve));
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    looks.push(heapUsed + arrayBuffers);
  }
  return Math.min(...looks);
}

it("A call of four hours comes out with every sample once, in the memory of its first minutes.", async () => {
  const reader = new FragmentReader();
  const interleaver = new ChannelInterleaver();
  const received = createHash("sha256");
  let next = 0;
  let mostHeld = 0;
  const receive = (some: readonly StereoChunk[]) => {
    for (const { pcm, firstFrame } of some) {
      // A hundred thousand calls of `expect` would be the memory that is measured.
      if (firstFrame !== next) throw new Error(`The chunk at ${firstFrame} should begin at ${next}.`);
      received.update(pcm);
      next += pcm.length / 4;
    }
  };
  const measured: number[] = [];
  for (let index = 0; index < FRAGMENTS; index += 1) {
    const last = index >= (FRAGMENTS * 3) / 4 ? [index, index - 1] : [index];
    const bytes = join(last.map(fragmentBytes));
    for (const fragment of reader.addBytes(bytes)) receive(interleaver.addFragment(fragment));
    mostHeld = Math.max(mostHeld, (index + 1) * SAMPLES - interleaver.state().nextFrame);
    if ([300, FRAGMENTS >> 1, FRAGMENTS - 1].includes(index)) measured.push(await memoryInUse());
  }
  const [early = 0, half = 0, late = 0] = measured;
  receive(interleaver.flushChunks());

  // The interleaver waits a second for a silent channel, never longer.
  expect(mostHeld).toBeLessThanOrEqual(8000);
  expect(JSON.stringify(interleaver.state()).length).toBeLessThan(200);
  expect([...reader.inherited.keys()]).toEqual(["ContactId"]);
  // Four hours of audio are 460 MB. Growth below a megabyte is noise of the runtime.
  expect(Math.max(half, late) - early).toBeLessThan(1024 * 1024);

  expect(next).toBe(Math.ceil((FRAGMENTS * SAMPLES) / 800) * 800);
  const expected = createHash("sha256");
  const frame = stereo(voice("customer", 0, SAMPLES), voice("agent", 0, SAMPLES));
  const customerOnly = stereo(voice("customer", 0, SAMPLES), new Int16Array(SAMPLES));
  for (let index = 0; index < FRAGMENTS; index += 1) {
    const quarter = Math.floor((index * 4) / FRAGMENTS);
    expected.update(quarter === 1 || quarter === 2 ? customerOnly : frame);
  }
  expected.update(new Uint8Array((next - FRAGMENTS * SAMPLES) * 4));
  expect(received.digest("hex")).toBe(expected.digest("hex"));
});

function stereo(customer: Int16Array, agent: Int16Array): Uint8Array {
  const both = new Int16Array(customer.length * 2);
  customer.forEach((sample, i) => {
    both[i * 2] = sample;
    both[i * 2 + 1] = agent[i] ?? 0;
  });
  return new Uint8Array(both.buffer);
}
