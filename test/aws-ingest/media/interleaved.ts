import { expect } from "vitest";
import { ChannelInterleaver, type InterleaverState, type StereoChunk } from "../../../aws-ingest/media/channel-interleaver.ts";
import type { Fragment, FragmentTrack } from "../../../aws-ingest/media/fragment.ts";
import { fragmentNumber, T0 } from "./capture.ts";

const EMPTY = {
  contactId: "c",
  producerTimestamp: null,
  serverTimestamp: null,
  continuationToken: null,
  millisBehindNow: null,
  error: null,
  tags: new Map<string, string>(),
  clusters: 1,
  tickMs: 1,
  complete: true,
  continued: false,
};

export type Blocks = readonly (readonly [atMs: number, samples: readonly number[]])[];

/** Returns a fragment of these blocks. A side that is left out is not announced. */
export function fragment(index: number | null, sides: { customer?: Blocks; agent?: Blocks }): Fragment {
  const tracks = new Map<string, FragmentTrack>();
  if (sides.customer) tracks.set("AUDIO_FROM_CUSTOMER", track(1, sides.customer));
  if (sides.agent) tracks.set("AUDIO_TO_CUSTOMER", track(2, sides.agent));
  return { ...EMPTY, fragmentNumber: index === null ? null : fragmentNumber(index), tracks };
}

export function track(number: number, blocks: Blocks): FragmentTrack {
  return {
    number,
    blocks: blocks.map(([atMs, samples]) => ({ timeMs: T0 + atMs, payload: new Uint8Array(Int16Array.from(samples).buffer) })),
  };
}

export function repeat(value: number, samples: number): number[] {
  return Array.from({ length: samples }, () => value);
}

/** Returns the samples of each side. Checks that the chunks have no gap between them and last 100 ms at most. */
export function samplesBySide(chunks: readonly StereoChunk[], from = 0): { customer: number[]; agent: number[] } {
  const customer: number[] = [];
  const agent: number[] = [];
  for (const { firstFrame, pcm } of chunks) {
    expect(firstFrame).toBe(from + customer.length);
    expect(pcm.length).toBeLessThanOrEqual(3200);
    const view = new DataView(pcm.buffer, pcm.byteOffset, pcm.length);
    for (let at = 0; at < pcm.length; at += 4) {
      customer.push(view.getInt16(at, true));
      agent.push(view.getInt16(at + 2, true));
    }
  }
  return { customer, agent };
}

/** Returns how many frames the chunks hold. */
export function framesIn(chunks: readonly StereoChunk[]): number {
  return chunks.reduce((count, { pcm }) => count + pcm.length / 4, 0);
}

/** Returns the bytes of the chunks, for long comparisons. */
export function audioOf(chunks: readonly StereoChunk[]): Buffer {
  let next = 0;
  for (const { firstFrame, pcm } of chunks) {
    if (firstFrame !== next) throw new Error(`The chunk at ${firstFrame} should begin at ${next}.`);
    next += pcm.length / 4;
  }
  return Buffer.concat(chunks.map(({ pcm }) => pcm));
}

export function play(fragments: readonly Fragment[], state?: InterleaverState) {
  const interleaver = new ChannelInterleaver(state);
  const chunks = fragments.flatMap((one) => interleaver.addFragment(one));
  return { interleaver, chunks, all: [...chunks, ...interleaver.flushChunks()] };
}
