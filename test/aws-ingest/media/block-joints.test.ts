import { describe, expect, it } from "vitest";
import type { InterleaverState } from "../../../aws-ingest/media/channel-interleaver.ts";
import { type Blocks, fragment, play, repeat, samplesBySide } from "./interleaved.ts";

/** Blocks of 500 samples (62.5 ms) whose times a producer has rounded to whole ticks. */
function blocksOfHalfTicks(from: number, count: number, round: (ms: number) => number): Blocks {
  return Array.from({ length: count }, (_, i) => [round((from + i) * 62.5), repeat(from + i + 1, 500)] as const);
}

describe("The channel interleaver joins blocks without a gap", () => {
  const continuous = (count: number) => Array.from({ length: count }, (_, i) => repeat(i + 1, 500)).flat();

  it.each([
    ["to the nearest millisecond", Math.round],
    ["down", Math.floor],
    ["up", Math.ceil],
  ])("when their times are rounded %s.", (_name, round) => {
    const { all } = play([0, 1, 2].map((i) => fragment(i, { customer: blocksOfHalfTicks(i * 16, 16, round) })));
    expect(samplesBySide(all).customer).toEqual(continuous(48));
  });

  it("when a tick is 10 ms.", () => {
    const round = (ms: number) => Math.round(ms / 10) * 10;
    const one = { ...fragment(0, { customer: blocksOfHalfTicks(0, 16, round) }), tickMs: 10 };
    expect(samplesBySide(play([one]).all).customer).toEqual(continuous(16));
  });

  it("when a cut fragment comes again, and another process reads on.", () => {
    const second = (i: number) => fragment(i, { customer: blocksOfHalfTicks(i * 16, 16, Math.floor) });
    const cut = { ...fragment(1, { customer: blocksOfHalfTicks(16, 7, Math.floor) }), complete: false };
    const before = play([second(0), cut, second(1)]);
    const state: InterleaverState = JSON.parse(JSON.stringify(before.interleaver.state()));
    const after = play([second(2)], state);
    expect(samplesBySide([...before.all, ...after.all]).customer).toEqual(continuous(48));
  });

  it("and keeps a gap that is longer than a tick.", () => {
    const late: Blocks = [
      [0, repeat(1, 512)],
      [66, repeat(2, 272)],
    ];
    const { customer } = samplesBySide(play([fragment(0, { customer: late })]).all);
    expect(customer.slice(0, 800)).toEqual([...repeat(1, 512), ...repeat(0, 16), ...repeat(2, 272)]);
  });
});
