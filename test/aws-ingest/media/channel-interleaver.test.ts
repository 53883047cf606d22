import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { frames } from "../../../aws-ingest/media/audio-units.ts";
import {
  ChannelInterleaver,
  type InterleaverState,
  START_OF_CONTACT,
  type StereoChunk,
} from "../../../aws-ingest/media/channel-interleaver.ts";
import type { Fragment } from "../../../aws-ingest/media/fragment.ts";
import { FragmentReader } from "../../../aws-ingest/media/fragments.ts";
import { InterleaverError } from "../../../aws-ingest/media/interleaver-error.ts";
import { connectFragment, fragmentNumber, T0, voice } from "./capture.ts";
import { audioOf, type Blocks, fragment, framesIn, play, repeat, samplesBySide, track } from "./interleaved.ts";

function fragmentsOf(bytes: Uint8Array): Fragment[] {
  return [...new FragmentReader().addBytes(bytes)];
}

describe("The channel interleaver", () => {
  it("gives every sample of a call as Amazon Connect writes it.", () => {
    const fragments = [0, 1, 2].flatMap((i) => fragmentsOf(connectFragment(i, { swapped: i === 1 })));
    const { interleaver, chunks, all } = play(fragments);
    expect(framesIn(chunks)).toBe(3 * 8192);
    const { customer, agent } = samplesBySide(all);
    const samples = 3 * 8192;
    expect(customer.slice(0, samples)).toEqual([...voice("customer", 0, samples)]);
    expect(agent.slice(0, samples)).toEqual([...voice("agent", 0, samples)]);
    expect(customer.slice(samples)).toEqual(repeat(0, 31 * 800 - samples));
    expect(interleaver.state()).toEqual({
      t0Ms: T0,
      nextFrame: 31 * 800,
      afterFragment: fragmentNumber(2),
      joinAt: [samples, samples],
      lateSamples: 0,
    });
  });

  it("puts each block at its time and leaves zeros behind a short block and in a gap.", () => {
    const { all } = play([
      fragment(0, {
        customer: [
          [0, repeat(1, 96)],
          [64, repeat(2, 512)],
        ],
        agent: [[32, repeat(9, 512)]],
      }),
      fragment(1, { customer: [[400, repeat(3, 8)]], agent: [] }),
    ]);
    const { customer, agent } = samplesBySide(all);
    expect(customer.length).toBe(5 * 800);
    expect(customer.slice(0, 1024)).toEqual([...repeat(1, 96), ...repeat(0, 416), ...repeat(2, 512)]);
    expect(customer.slice(1024, 3208)).toEqual([...repeat(0, 2176), ...repeat(3, 8)]);
    expect(agent.slice(0, 800)).toEqual([...repeat(0, 256), ...repeat(9, 512), ...repeat(0, 32)]);
  });

  it("starts at the earliest block of the first fragment, or at the start in its state.", () => {
    const early = fragment(0, { customer: [[64, repeat(1, 512)]], agent: [[56, repeat(2, 512)]] });
    expect(play([early]).interleaver.state().t0Ms).toBe(T0 + 56);
    const continued = play([early], { ...START_OF_CONTACT, t0Ms: T0 + 60 });
    expect(continued.interleaver.state()).toMatchObject({ t0Ms: T0 + 60, lateSamples: 0 });
    const { customer, agent } = samplesBySide(continued.all);
    expect(customer.slice(0, 33)).toEqual([...repeat(0, 32), 1]);
    expect(agent.slice(0, 481)).toEqual([...repeat(2, 480), 0]);
  });

  it("takes the single unnamed track of older streams for the customer and leaves foreign tracks out.", () => {
    const old = { ...fragment(0, {}), tracks: new Map([["track-1", track(1, [[0, repeat(7, 800)]])]]) };
    expect(samplesBySide(play([old]).all)).toEqual({ customer: repeat(7, 800), agent: repeat(0, 800) });
    const foreign = { ...fragment(0, {}), tracks: new Map([["VIDEO", track(1, [[0, repeat(7, 800)]])]]) };
    expect(play([foreign]).all).toEqual([]);
  });

  it("ignores an odd byte at the end of a block.", () => {
    const payload = new Uint8Array([1, 0, 2, 0, 3]);
    const odd = {
      ...fragment(0, {}),
      tracks: new Map([["AUDIO_FROM_CUSTOMER", { number: 1, blocks: [{ timeMs: T0, payload }] }]]),
    };
    expect(samplesBySide(play([odd]).all).customer.slice(0, 4)).toEqual([1, 2, 0, 0]);
  });
});

describe("The channel interleaver doubles no audio: it", () => {
  it("keeps the first of two overlapping blocks.", () => {
    const { all } = play([
      fragment(0, {
        customer: [
          [0, repeat(1, 512)],
          [60, repeat(2, 512)],
          [10, repeat(3, 1200)],
        ],
      }),
    ]);
    expect(samplesBySide(all).customer.slice(0, 1281)).toEqual([...repeat(1, 512), ...repeat(2, 480), ...repeat(3, 288), 0]);
  });

  it("does not count a block that overlaps handed-out audio as late.", () => {
    const { interleaver, all } = play([
      fragment(0, { customer: [[0, repeat(1, 8000)]] }),
      fragment(1, { customer: [[990, repeat(2, 880)]] }),
    ]);
    expect(samplesBySide(all).customer).toEqual([...repeat(1, 8000), ...repeat(2, 800)]);
    expect(interleaver.state().lateSamples).toBe(0);
  });

  it("fills gaps with blocks that come out of order.", () => {
    const times = [128, 0, 192, 64];
    const { all } = play([fragment(0, { customer: times.map((at) => [at, repeat(at + 1, 512)] as const) })]);
    expect(samplesBySide(all).customer.slice(0, 2048)).toEqual([0, 64, 128, 192].flatMap((at) => repeat(at + 1, 512)));
  });

  it("leaves out fragments that are not newer than the newest one, whatever they contain.", () => {
    const second = (index: number, value: number) => fragment(index, { customer: [[index * 1000, repeat(value, 8000)]] });
    const { all, interleaver } = play([second(0, 1), second(2, 3), second(1, 2), second(2, 9), second(0, 9), second(3, 4)]);
    const { customer } = samplesBySide(all);
    expect(customer).toEqual([...repeat(1, 8000), ...repeat(0, 8000), ...repeat(3, 8000), ...repeat(4, 8000)]);
    expect(interleaver.state().lateSamples).toBe(0);
  });

  it("compares fragment numbers as numbers of any length.", () => {
    const at = (fragmentNumber: string, ms: number) => ({
      ...fragment(0, { customer: [[ms, repeat(ms + 1, 800)]] }),
      fragmentNumber,
    });
    const { all } = play([at("9", 0), at("10", 100), at("00010", 200), at(`1${"0".repeat(60)}`, 300)]);
    expect(samplesBySide(all).customer).toEqual([...repeat(1, 800), ...repeat(101, 800), ...repeat(0, 800), ...repeat(301, 800)]);
  });

  it("completes a cut fragment when it comes again.", () => {
    const cut = { ...fragment(1, { customer: [[1000, repeat(2, 512)]] }), complete: false };
    const whole = fragment(1, {
      customer: [
        [1000, repeat(9, 512)],
        [1064, repeat(3, 1088)],
      ],
    });
    const { all, interleaver } = play([fragment(0, { customer: [[0, repeat(1, 8000)]] }), cut, whole, cut, whole]);
    expect(samplesBySide(all).customer).toEqual([...repeat(1, 8000), ...repeat(2, 512), ...repeat(3, 1088)]);
    expect(interleaver.state()).toMatchObject({ afterFragment: fragmentNumber(1), lateSamples: 0 });
  });

  it("adds a continued fragment to the one before it.", () => {
    const rest = { ...fragment(0, { customer: [[100, repeat(2, 800)]] }), continued: true };
    const { all } = play([fragment(0, { customer: [[0, repeat(1, 800)]] }), rest]);
    expect(samplesBySide(all).customer).toEqual([...repeat(1, 800), ...repeat(2, 800)]);
  });
});

describe("The channel interleaver hands out", () => {
  it("audio as soon as both sides have passed it.", () => {
    const interleaver = new ChannelInterleaver();
    expect(
      framesIn(interleaver.addFragment(fragment(0, { customer: [[0, repeat(1, 4000)]], agent: [[0, repeat(2, 2390)]] }))),
    ).toBe(2390);
    expect(framesIn(interleaver.addFragment(fragment(1, { customer: [], agent: [[300, repeat(2, 1600)]] })))).toBe(1610);
  });

  it("audio without waiting for a side that the fragment does not announce.", () => {
    const interleaver = new ChannelInterleaver();
    expect(framesIn(interleaver.addFragment(fragment(0, { customer: [[0, repeat(1, 8192)]] })))).toBe(8192);
    expect(framesIn(interleaver.addFragment(fragment(1, { agent: [[1024, repeat(2, 8192)]] })))).toBe(8192);
  });

  it("audio after a second without the other side, and counts samples that come later than that.", () => {
    const interleaver = new ChannelInterleaver();
    expect(framesIn(interleaver.addFragment(fragment(0, { customer: [[0, repeat(1, 8000)]], agent: [] })))).toBe(0);
    const chunks = interleaver.addFragment(fragment(1, { customer: [[1000, repeat(1, 4000)]], agent: [] }));
    expect(framesIn(chunks)).toBe(4000);
    const late = interleaver.addFragment(fragment(2, { customer: [], agent: [[400, repeat(2, 1600)]] }));
    expect(interleaver.state().lateSamples).toBe(800);
    expect(samplesBySide([...chunks, ...late, ...interleaver.flushChunks()]).agent.slice(3200, 5600)).toEqual([
      ...repeat(0, 800),
      ...repeat(2, 800),
      ...repeat(0, 800),
    ]);
  });

  it("silence on request, up to a whole chunk, and keeps the place of the audio behind it.", () => {
    const interleaver = new ChannelInterleaver();
    const chunks = interleaver.addFragment(fragment(0, { customer: [[0, repeat(1, 1000)]] }));
    chunks.push(...interleaver.advanceTo(frames(7950)));
    expect(interleaver.advanceTo(frames(100))).toEqual([]);
    chunks.push(...interleaver.addFragment(fragment(1, { customer: [[1500, repeat(2, 4000)]] })));
    expect(samplesBySide([...chunks, ...interleaver.flushChunks()]).customer).toEqual([
      ...repeat(1, 1000),
      ...repeat(0, 11_000),
      ...repeat(2, 4000),
    ]);
  });

  it("a long pause as chunks that share one silent buffer.", () => {
    const interleaver = new ChannelInterleaver();
    interleaver.addFragment(fragment(0, { customer: [[0, repeat(1, 800)]] }));
    const chunks = interleaver.addFragment(fragment(1, { customer: [[3_600_000, repeat(2, 800)]] }));
    expect(chunks).toHaveLength(36_000);
    expect(new Set(chunks.map(({ pcm }) => pcm.buffer)).size).toBe(2);
  });

  it("nothing for fragments without audio.", () => {
    expect(play([fragment(0, {}), fragment(1, { customer: [], agent: [] })]).all).toEqual([]);
  });
});

describe("The channel interleaver refuses", () => {
  it("a block hours away from the call, and is then as it was before.", () => {
    const interleaver = new ChannelInterleaver();
    interleaver.addFragment(fragment(0, { customer: [[0, repeat(1, 800)]] }));
    const before = interleaver.state();
    const wild = fragment(1, {
      customer: [
        [100, repeat(2, 800)],
        [5 * 3_600_000, repeat(2, 800)],
      ],
    });
    expect(() => interleaver.addFragment(wild)).toThrow(
      new InterleaverError(
        `Fragment ${fragmentNumber(1)} has a block 5 hours away from the rest of the call. Its audio is left out.`,
      ),
    );
    expect(interleaver.state()).toEqual(before);
    expect(framesIn(interleaver.addFragment(fragment(1, { customer: [[100, repeat(2, 800)]] })))).toBe(800);
  });

  it.each([
    [{ nextFrame: frames(-1) }, "The interleaver's nextFrame is -1. It must be a whole number from 0 on."],
    [{ nextFrame: frames(0.5) }, "The interleaver's nextFrame is 0.5. It must be a whole number from 0 on."],
    [{ nextFrame: frames(Number.NaN) }, "The interleaver's nextFrame is NaN. It must be a whole number from 0 on."],
    [{ afterFragment: "12a" }, 'The interleaver\'s afterFragment is "12a". It must be up to 128 digits.'],
    [{ t0Ms: Number.NaN }, "The interleaver's t0Ms is NaN. It must be a time in epoch ms."],
  ])("a state with %j.", (part, message) => {
    expect(() => new ChannelInterleaver({ ...START_OF_CONTACT, ...part })).toThrow(new InterleaverError(message));
  });
});

/** A call of fragments of about a second of both sides, with jitter, gaps and one-sided fragments. */
const call = fc
  .array(
    fc.record({
      sides: fc.constantFrom("both", "both", "both", "customer", "agent"),
      customer: fc.array(
        fc.record({ skip: fc.boolean(), shift: fc.integer({ min: -9, max: 9 }), samples: fc.integer({ min: 0, max: 900 }) }),
        {
          maxLength: 9,
        },
      ),
      agent: fc.array(
        fc.record({ skip: fc.boolean(), shift: fc.integer({ min: -9, max: 9 }), samples: fc.integer({ min: 0, max: 900 }) }),
        {
          maxLength: 9,
        },
      ),
    }),
    { minLength: 1, maxLength: 25 },
  )
  .map((seconds) =>
    seconds.map((second, index) => {
      const blocks = (side: "customer" | "agent"): Blocks =>
        second[side].flatMap(({ skip, shift, samples }, i) =>
          skip ? [] : [[index * 1000 + i * 100 + shift, repeat(index * 10 + i + 1, samples)] as const],
        );
      const { sides } = second;
      return fragment(index, {
        ...(sides === "agent" ? {} : { customer: blocks("customer") }),
        ...(sides === "customer" ? {} : { agent: blocks("agent") }),
      });
    }),
  );

describe("The channel interleaver gives the same audio", () => {
  it("for a call with any hand-overs as for one uninterrupted run.", () => {
    fc.assert(
      fc.property(call, fc.array(fc.nat(24), { maxLength: 6 }), (fragments, handOvers) => {
        const whole = play(fragments);
        let interleaver = new ChannelInterleaver();
        const chunks: StereoChunk[] = [];
        for (let i = 0, left = handOvers.toSorted((a, b) => a - b); i < fragments.length; ) {
          const one = fragments[i];
          if (one) chunks.push(...interleaver.addFragment(one));
          i += 1;
          if (left[0] === i) {
            left = left.slice(1).filter((at) => at !== i);
            const state: InterleaverState = JSON.parse(JSON.stringify(interleaver.state()));
            interleaver = new ChannelInterleaver(state);
            i = fragments.findIndex(({ fragmentNumber }) => fragmentNumber === state.afterFragment) + 1;
          }
        }
        chunks.push(...interleaver.flushChunks());
        expect(audioOf(chunks).equals(audioOf(whole.all))).toBe(true);
        expect(interleaver.state()).toEqual(whole.interleaver.state());
      }),
      { numRuns: 300 },
    );
  });

  it("for a call with any repeated fragments as for one without.", () => {
    fc.assert(
      fc.property(call, fc.infiniteStream(fc.nat(3)), (fragments, repeats) => {
        const again = fragments.flatMap((one, i) => [
          one,
          ...fragments.slice(Math.max(0, i - (repeats.next().value ?? 0)), i + 1),
        ]);
        expect(audioOf(play(again).all).equals(audioOf(play(fragments).all))).toBe(true);
      }),
      { numRuns: 50 },
    );
  });
});
