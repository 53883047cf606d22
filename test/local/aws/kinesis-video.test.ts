import { GetDataEndpointCommand, KinesisVideoClient } from "@aws-sdk/client-kinesis-video";
import { GetMediaCommand, KinesisVideoMediaClient, type StartSelector } from "@aws-sdk/client-kinesis-video-media";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Fragment } from "../../../aws-ingest/media/fragment.ts";
import { FragmentReader } from "../../../aws-ingest/media/fragments.ts";
import { type KinesisVideoOptions, type StandInKinesisVideo, startKinesisVideo } from "../../../local/aws/kinesis-video.ts";
import type { StandInStream } from "../../../local/aws/kinesis-video-stream.ts";
import { writeDocument } from "../../../local/aws/matroska-writer.ts";

const credentials = { accessKeyId: "stand-in", secretAccessKey: "stand-in" };
const CONTACT = "b373d225-c6c8-48eb-b7ec-e3ce4135a7e9";
const T0 = 1714363529673;
const EARLIEST: StartSelector = { StartSelectorType: "EARLIEST" };
const behind = (number = "") => ({ StartSelectorType: "FRAGMENT_NUMBER", AfterFragmentNumber: number }) satisfies StartSelector;
const token = (value = "") => ({ StartSelectorType: "CONTINUATION_TOKEN", ContinuationToken: value }) satisfies StartSelector;

let now = T0;
let kinesis: StandInKinesisVideo;
const cleanUp: (() => unknown)[] = [];

async function restart(options: KinesisVideoOptions): Promise<void> {
  await kinesis.close();
  kinesis = await startKinesisVideo({ now: () => now, ...options });
}

beforeEach(async () => {
  now = T0;
  kinesis = await startKinesisVideo({ now: () => now });
});

afterEach(async () => {
  for (const one of cleanUp.splice(0)) one();
  await kinesis.close();
});

/** Returns 1,024 ms of audio on both sides. Each sample's value shows its position and its side. */
function second(index: number, samples = 8192) {
  const fromCustomer = Int16Array.from({ length: samples }, (_, i) => (index * 8192 + i) % 32768);
  const toCustomer = fromCustomer.map((sample) => -sample - 1);
  return { contactId: CONTACT, atMs: T0 + index * 1024, fromCustomer, toCustomer };
}

function settings() {
  return { region: "us-east-1", credentials, maxAttempts: 1 };
}

async function endpointOf(arn: string): Promise<string> {
  const client = new KinesisVideoClient({ endpoint: kinesis.url, ...settings() });
  cleanUp.push(() => client.destroy());
  const { DataEndpoint } = await client.send(new GetDataEndpointCommand({ APIName: "GET_MEDIA", StreamARN: arn }));
  if (!DataEndpoint) throw new Error("GetDataEndpoint returned no endpoint.");
  return DataEndpoint;
}

/** Opens the stream 250 ms after the last call, because Kinesis allows five GetMedia calls a second. */
async function open(arn: string, selector: StartSelector): Promise<AsyncGenerator<Fragment>> {
  now += 250;
  const client = new KinesisVideoMediaClient({ endpoint: await endpointOf(arn), ...settings() });
  cleanUp.push(() => client.destroy());
  const { Payload, ContentType } = await client.send(new GetMediaCommand({ StreamARN: arn, StartSelector: selector }));
  expect(ContentType).toBe("video/webm");
  if (!Payload || !("destroy" in Payload) || !(Symbol.asyncIterator in Payload)) throw new Error("GetMedia returned no payload.");
  cleanUp.push(() => Payload.destroy());
  return fragmentsOf(Payload);
}

async function* fragmentsOf(payload: AsyncIterable<Uint8Array>): AsyncGenerator<Fragment> {
  const reader = new FragmentReader();
  for await (const chunk of payload) yield* reader.addBytes(chunk);
  yield* reader.endBytes();
}

async function take(fragments: AsyncGenerator<Fragment>, count = Number.POSITIVE_INFINITY): Promise<Fragment[]> {
  const taken: Fragment[] = [];
  while (taken.length < count) {
    const next = await fragments.next();
    if (next.done) break;
    taken.push(next.value);
  }
  return taken;
}

async function numbers(stream: StandInStream, selector: StartSelector, count: number): Promise<(string | null)[]> {
  const before = stream.connections;
  const fragments = await open(stream.arn, selector);
  const taken = await take(fragments, count);
  await fragments.return(undefined);
  await connectionsOf(stream, before);
  return taken.map(({ fragmentNumber }) => fragmentNumber);
}

function samplesOf(fragments: readonly Fragment[], name: string): number[] {
  return fragments.flatMap((fragment) =>
    (fragment.tracks.get(name)?.blocks ?? []).flatMap(({ payload }) => {
      const view = new DataView(payload.buffer, payload.byteOffset, payload.length);
      return Array.from({ length: payload.length / 2 }, (_, i) => view.getInt16(i * 2, true));
    }),
  );
}

/** Resolves when the stream has this number of readers. */
async function connectionsOf(stream: StandInStream, count: number): Promise<void> {
  while (stream.connections !== count) await new Promise((resolve) => setImmediate(resolve));
}

describe("The AWS SDK", () => {
  it("reads stored fragments and then live ones, with Kinesis' tags and every sample.", async () => {
    const stream = kinesis.stream("contact-1");
    const first = stream.write(second(0));
    stream.write(second(1, 4000));
    const fragments = await open(stream.arn, { StartSelectorType: "PRODUCER_TIMESTAMP", StartTimestamp: new Date(T0) });
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
    expect(first).toMatch(/^[0-9]{47}$/);
    expect([...stored, ...live].map((fragment) => fragment.millisBehindNow)).toEqual([250, 0, 0]);
    const written = [second(0), second(1, 4000), second(2)];
    expect(samplesOf([...stored, ...live], "AUDIO_FROM_CUSTOMER")).toEqual(written.flatMap((audio) => [...audio.fromCustomer]));
    expect(samplesOf([...stored, ...live], "AUDIO_TO_CUSTOMER")).toEqual(written.flatMap((audio) => [...audio.toCustomer]));
    stream.interrupt("end");
    expect(await take(fragments)).toEqual([]);
  });

  it("reads long audio in fragments of about a second, and short one-sided audio.", async () => {
    const stream = kinesis.stream("contact-1");
    const long = second(0, 20_000);
    const first = stream.write(long);
    stream.write({ ...second(3, 100), toCustomer: new Int16Array(0) }, { sides: ["AUDIO_FROM_CUSTOMER"] });
    const fragments = await take(await open(stream.arn, EARLIEST), 4);
    expect(fragments[0]?.fragmentNumber).toBe(first);
    expect(samplesOf(fragments.slice(0, 3), "AUDIO_TO_CUSTOMER")).toEqual([...long.toCustomer]);
    expect(fragments.map(({ producerTimestamp }) => Number(producerTimestamp) * 1000 - T0)).toEqual([0, 1024, 2048, 3072]);
    expect([...(fragments[3]?.tracks.keys() ?? [])]).toEqual(["AUDIO_FROM_CUSTOMER"]);
    expect(() => stream.write(second(4, 0))).toThrow("no samples");
  });

  it("reads two contacts one after the other from one stream of the pool.", async () => {
    const stream = kinesis.stream("pool-1");
    expect(kinesis.stream("pool-1")).toBe(stream);
    stream.write(second(0));
    stream.write({ ...second(60), contactId: "another" });
    const fragments = await take(await open(stream.arn, EARLIEST), 2);
    expect(fragments.map(({ contactId }) => contactId)).toEqual([CONTACT, "another"]);
  });

  it("reads two hundred streams at once.", async () => {
    const streams = Array.from({ length: 200 }, (_, i) => kinesis.stream(`contact-${i}`));
    const readers = await Promise.all(streams.map((stream) => open(stream.arn, { StartSelectorType: "NOW" })));
    for (let i = 0; i < 3; i += 1) for (const stream of streams) stream.write({ ...second(i), contactId: stream.name });
    const read = await Promise.all(readers.map((reader) => take(reader, 3)));
    read.forEach((fragments, i) => {
      expect(fragments.map(({ contactId }) => contactId)).toEqual([1, 2, 3].map(() => `contact-${i}`));
    });
  });
});

describe("An answer of GetMedia", () => {
  let stream: StandInStream;
  let written: string[];

  beforeEach(() => {
    stream = kinesis.stream("contact-1");
    written = [0, 1, 2, 3].map((i) => {
      now = T0 + i * 1024 + 2000;
      return stream.write(second(i));
    });
  });

  it("begins after the fragment with the given number or continuation token.", async () => {
    expect(await numbers(stream, behind(written[1]), 2)).toEqual(written.slice(2));
    expect(await numbers(stream, token(written[2]), 1)).toEqual(written.slice(3));
  });

  it("begins with the fragment that contains the given producer or server time.", async () => {
    const at = (ms: number) => ({ StartTimestamp: new Date(T0 + ms) });
    expect(await numbers(stream, { StartSelectorType: "PRODUCER_TIMESTAMP", ...at(1024) }, 3)).toEqual(written.slice(1));
    expect(await numbers(stream, { StartSelectorType: "PRODUCER_TIMESTAMP", ...at(1023) }, 4)).toEqual(written);
    expect(await numbers(stream, { StartSelectorType: "PRODUCER_TIMESTAMP", ...at(-5000) }, 4)).toEqual(written);
    expect(await numbers(stream, { StartSelectorType: "SERVER_TIMESTAMP", ...at(2000 + 2048) }, 2)).toEqual(written.slice(2));
  });

  it("begins with the next fragment when the selector is NOW.", async () => {
    const fragments = await open(stream.arn, { StartSelectorType: "NOW" });
    const next = stream.write(second(4));
    expect((await take(fragments, 1))[0]?.fragmentNumber).toBe(next);
  });

  it("has only error 4000 when the fragment is unknown.", async () => {
    const fragments = await open(stream.arn, behind("123"));
    expect((await take(fragments)).map(({ error }) => error)).toEqual([{ id: "4000", code: "Requested fragment is not found" }]);
  });

  it("has only error 4000 when the fragment has expired.", async () => {
    now += 3_600_000;
    const live = stream.write(second(3600));
    for (const selector of [
      behind(written[1]),
      { StartSelectorType: "PRODUCER_TIMESTAMP", StartTimestamp: new Date(T0) },
    ] satisfies StartSelector[]) {
      const fragments = await take(await open(stream.arn, selector));
      expect(fragments.map(({ error }) => error?.id)).toEqual(["4000"]);
    }
    expect(await numbers(stream, EARLIEST, 1)).toEqual([live]);
  });
});

describe("The stored audio", () => {
  it("is bounded for all streams together: the oldest fragments are deleted, and a reader that asks for one gets error 4000.", async () => {
    await restart({ maxBytes: 120_000 });
    const slow = kinesis.stream("slow");
    slow.write(second(0));
    const busy = kinesis.stream("busy");
    const written = Array.from({ length: 20 }, (_, i) => busy.write(second(i)));
    expect(await numbers(busy, EARLIEST, 3)).toEqual(written.slice(-3));
    const gone = { StartSelectorType: "PRODUCER_TIMESTAMP", StartTimestamp: new Date(T0) } as const;
    expect((await take(await open(busy.arn, gone), 1))[0]?.error?.id).toBe("4000");
  });
});

it("Kinesis Video without retention sends live audio only.", async () => {
  await restart({ retentionMs: 0 });
  const stream = kinesis.stream("contact-1");
  const past = stream.write(second(0));
  const gone = await open(stream.arn, behind(past));
  expect((await take(gone)).map(({ error }) => error?.id)).toEqual(["4000"]);
  const fragments = await open(stream.arn, EARLIEST);
  const live = stream.write(second(1));
  expect((await take(fragments, 1))[0]?.fragmentNumber).toBe(live);
});

describe("Kinesis Video refuses", () => {
  it.each([
    [
      "an unknown stream",
      { StreamARN: "arn:aws:kinesisvideo:us-east-1:1:stream/none/1" },
      EARLIEST,
      "ResourceNotFoundException",
      404,
    ],
    ["a request without a stream", {}, EARLIEST, "InvalidArgumentException", 400],
    [
      "a selector without its value",
      { StreamName: "s" },
      { StartSelectorType: "FRAGMENT_NUMBER" },
      "InvalidArgumentException",
      400,
    ],
    ["an invalid fragment number", { StreamName: "s" }, behind("12a"), "InvalidArgumentException", 400],
    ["an invalid token", { StreamName: "s" }, token("?"), "InvalidArgumentException", 400],
    [
      "a selector without its time",
      { StreamName: "s" },
      { StartSelectorType: "SERVER_TIMESTAMP" },
      "InvalidArgumentException",
      400,
    ],
  ] as const)("%s.", async (_name, which, selector, name, status) => {
    kinesis.stream("s");
    const client = new KinesisVideoMediaClient({ endpoint: kinesis.url, ...settings() });
    cleanUp.push(() => client.destroy());
    await expect(client.send(new GetMediaCommand({ ...which, StartSelector: selector }))).rejects.toMatchObject({
      name,
      $metadata: { httpStatusCode: status },
    });
  });

  it("a data endpoint for an unknown stream, for another API, and when a test orders it.", async () => {
    const client = new KinesisVideoClient({ endpoint: kinesis.url, ...settings() });
    cleanUp.push(() => client.destroy());
    const ask = (StreamName: string, APIName: "GET_MEDIA" | "PUT_MEDIA") =>
      client.send(new GetDataEndpointCommand({ APIName, StreamName }));
    await expect(ask("none", "GET_MEDIA")).rejects.toMatchObject({ name: "ResourceNotFoundException" });
    kinesis.stream("s");
    await expect(ask("s", "PUT_MEDIA")).rejects.toMatchObject({ name: "InvalidArgumentException" });
    kinesis.refuseEndpoint(1);
    await expect(ask("s", "GET_MEDIA")).rejects.toMatchObject({ name: "ClientLimitExceededException" });
    expect((await ask("s", "GET_MEDIA")).DataEndpoint).toBe(kinesis.url);
  });

  it("a fourth reader of a stream while it has three.", async () => {
    const stream = kinesis.stream("contact-1");
    for (let i = 0; i < 3; i += 1) await open(stream.arn, EARLIEST);
    await expect(open(stream.arn, EARLIEST)).rejects.toMatchObject({ name: "ConnectionLimitExceededException" });
    expect(stream.connections).toBe(3);
    for (const one of cleanUp.splice(0)) one();
    await connectionsOf(stream, 0);
    now += 1000;
    await open(stream.arn, EARLIEST);
    expect(stream.connections).toBe(1);
  });

  it("a sixth GetMedia call on a stream within a second.", async () => {
    const stream = kinesis.stream("contact-1");
    stream.failNext({ kind: "end", afterBytes: 0 }, 6);
    for (let i = 0; i < 5; i += 1) {
      now -= 250;
      await take(await open(stream.arn, EARLIEST));
    }
    now -= 250;
    await expect(open(stream.arn, EARLIEST)).rejects.toMatchObject({ name: "ClientLimitExceededException" });
    now += 1000;
    await open(stream.arn, EARLIEST);
  });

  it("unsigned requests, other operations, and bodies that are too large or not JSON.", async () => {
    const post = (path: string, body: string, headers: Record<string, string> = { authorization: "AWS4-HMAC-SHA256 x" }) =>
      fetch(`${kinesis.url}${path}`, { method: "POST", body, headers });
    const answers = [
      await post("/getMedia", "{}", {}),
      await post("/listFragments", "{}"),
      await post("/getMedia", "{"),
      await post("/getMedia", " ".repeat(20_000)),
    ];
    expect(answers.map(({ status, headers }) => [status, headers.get("x-amzn-errortype")])).toEqual([
      [401, "NotAuthorizedException"],
      [400, "InvalidArgumentException"],
      [400, "InvalidArgumentException"],
      [400, "InvalidArgumentException"],
    ]);
    for (const answer of answers) expect(await answer.json()).toEqual({ Message: expect.stringMatching(/^(The|No) /) });
  });
});

describe("A test can order", () => {
  it("a cut after a number of bytes: the reader gets these bytes and then an error.", async () => {
    const stream = kinesis.stream("contact-1");
    for (let i = 0; i < 3; i += 1) stream.write(second(i));
    for (const afterBytes of [0, 1, 40_000]) {
      stream.failNext({ kind: "cut", afterBytes });
      const fragments = await open(stream.arn, EARLIEST);
      const whole: Fragment[] = [];
      const reading = async () => {
        for await (const fragment of fragments) whole.push(fragment);
      };
      await expect(reading()).rejects.toThrow(/aborted|socket|terminated/i);
      expect(whole.length).toBe(afterBytes === 40_000 ? 1 : 0);
      now += 1000;
    }
    expect((await take(await open(stream.arn, EARLIEST), 3)).length).toBe(3);
  });

  it("an end after some bytes, or at once.", async () => {
    const stream = kinesis.stream("contact-1");
    stream.write(second(0));
    stream.failNext({ kind: "end", afterBytes: 1000 });
    expect((await take(await open(stream.arn, EARLIEST))).map(({ complete }) => complete)).toEqual([false]);
    const fragments = await open(stream.arn, EARLIEST);
    await take(fragments, 1);
    stream.interrupt("end");
    expect(await take(fragments)).toEqual([]);
  });

  it("a stall: the connection stays open and sends nothing more.", async () => {
    const stream = kinesis.stream("contact-1");
    stream.failNext({ kind: "stall", afterBytes: 40_000 });
    const fragments = await open(stream.arn, EARLIEST);
    for (let i = 0; i < 3; i += 1) stream.write(second(i));
    expect((await take(fragments, 1)).length).toBe(1);
    expect(stream.connections).toBe(1);
    stream.interrupt("end");
    expect((await take(fragments)).map(({ complete }) => complete)).toEqual([false]);
  });

  it("an error inside the stream after some fragments.", async () => {
    const stream = kinesis.stream("contact-1");
    for (let i = 0; i < 3; i += 1) stream.write(second(i));
    stream.failNext({ kind: "error", afterFragments: 2, id: 5000 });
    const fragments = await take(await open(stream.arn, EARLIEST));
    expect(fragments.map(({ error }) => error?.id ?? null)).toEqual([null, null, "5000"]);
  });

  it("any bytes in the place of a fragment.", async () => {
    const stream = kinesis.stream("contact-1");
    const number = stream.writeBytes(writeDocument([{ tracks: null, tagsBefore: [], clusters: [], tagsAfter: [] }]), T0, 1024);
    stream.write(second(1));
    const [fragment] = await take(await open(stream.arn, EARLIEST), 1);
    expect(fragment).toMatchObject({ fragmentNumber: null, contactId: null, continuationToken: number, clusters: 0 });
  });

  it("a number of refusals.", async () => {
    const stream = kinesis.stream("contact-1");
    stream.write(second(0));
    stream.failNext({ kind: "refuse", error: "ConnectionLimitExceededException" }, 2);
    for (let i = 0; i < 2; i += 1) {
      await expect(open(stream.arn, EARLIEST)).rejects.toMatchObject({ name: "ConnectionLimitExceededException" });
    }
    expect((await take(await open(stream.arn, EARLIEST), 1)).length).toBe(1);
  });
});
