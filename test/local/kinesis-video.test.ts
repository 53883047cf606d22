import { GetDataEndpointCommand, KinesisVideoClient } from "@aws-sdk/client-kinesis-video";
import { GetMediaCommand, KinesisVideoMediaClient, type StartSelector } from "@aws-sdk/client-kinesis-video-media";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { channelOf, type Fragment } from "../../aws-ingest/media/fragment.ts";
import { FragmentReader } from "../../aws-ingest/media/fragments.ts";
import { type StandInKinesisVideo, startKinesisVideo } from "../../local/aws/kinesis-video.ts";

const credentials = { accessKeyId: "stand-in", secretAccessKey: "stand-in" };
const region = "us-east-1";
const CONTACT = "b373d225-c6c8-48eb-b7ec-e3ce4135a7e9";
const T0 = 1714363529673;

let now = T0;
let kinesis: StandInKinesisVideo;
const clients: KinesisVideoMediaClient[] = [];

beforeEach(async () => {
  now = T0;
  kinesis = await startKinesisVideo({ now: () => now });
});

afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await kinesis.close();
});

/** One second and 24 ms of both voices: samples that say which they are. */
function second(index: number, samples = 8192) {
  const fromCustomer = Int16Array.from({ length: samples }, (_, i) => (index * 8192 + i) % 32768);
  const toCustomer = fromCustomer.map((sample) => -sample - 1);
  return { contactId: CONTACT, atMs: T0 + index * 1024, fromCustomer, toCustomer };
}

/** Counts like the platform: five requests a second per stream. */
async function getMedia(arn: string, selector: StartSelector, signal?: AbortSignal) {
  now += 250;
  const control = new KinesisVideoClient({ endpoint: kinesis.url, region, credentials, maxAttempts: 1 });
  const { DataEndpoint } = await control.send(new GetDataEndpointCommand({ APIName: "GET_MEDIA", StreamARN: arn }));
  control.destroy();
  if (!DataEndpoint) throw new Error("no data endpoint");
  const media = new KinesisVideoMediaClient({ endpoint: DataEndpoint, region, credentials, maxAttempts: 1 });
  clients.push(media);
  const { Payload } = await media.send(
    new GetMediaCommand({ StreamARN: arn, StartSelector: selector }),
    signal ? { abortSignal: signal } : {},
  );
  if (!Payload || !(Symbol.asyncIterator in Payload)) throw new Error("no payload");
  return fragmentsOf(Payload as AsyncIterable<Uint8Array>);
}

async function* fragmentsOf(payload: AsyncIterable<Uint8Array>): AsyncGenerator<Fragment> {
  const reader = new FragmentReader();
  for await (const chunk of payload) yield* reader.push(chunk);
  yield* reader.end();
}

async function take(fragments: AsyncGenerator<Fragment>, count: number): Promise<Fragment[]> {
  const taken: Fragment[] = [];
  while (taken.length < count) {
    const next = await fragments.next();
    if (next.done) break;
    taken.push(next.value);
  }
  return taken;
}

function samplesOf(fragments: readonly Fragment[], name: string): number[] {
  return fragments.flatMap((fragment) =>
    (fragment.tracks.get(name)?.blocks ?? []).flatMap(({ payload }) => {
      const view = new DataView(payload.buffer, payload.byteOffset, payload.length);
      return Array.from({ length: payload.length / 2 }, (_, i) => view.getInt16(i * 2, true));
    }),
  );
}

describe("what the AWS SDK reads from the stand-in", () => {
  it("gets stored fragments, then live ones, with Kinesis' tags and every sample", async () => {
    const stream = kinesis.stream("contact-1");
    const first = stream.write(second(0));
    stream.write(second(1, 4000));
    const fragments = await getMedia(stream.arn, { StartSelectorType: "PRODUCER_TIMESTAMP", StartTimestamp: new Date(T0) });
    const stored = await take(fragments, 2);
    now += 5000;
    stream.write(second(2));
    const live = await take(fragments, 1);

    expect(stored[0]).toMatchObject({
      fragmentNumber: first,
      contactId: CONTACT,
      producerTimestamp: "1714363529.673",
      continuationToken: first,
      error: null,
      complete: true,
    });
    expect(stored.map((fragment) => fragment.millisBehindNow)).toEqual([250, 0]);
    expect(live[0]?.millisBehindNow).toBe(0);
    const all = [...stored, ...live];
    const written = [second(0), second(1, 4000), second(2)];
    expect(samplesOf(all, "AUDIO_FROM_CUSTOMER")).toEqual(written.flatMap((audio) => [...audio.fromCustomer]));
    expect(samplesOf(all, "AUDIO_TO_CUSTOMER")).toEqual(written.flatMap((audio) => [...audio.toCustomer]));
    expect(channelOf([...(all[0]?.tracks.keys() ?? [])][0] ?? "", 2)).toBe(0);
    stream.interrupt("end");
    expect((await fragments.next()).done).toBe(true);
  });
});
