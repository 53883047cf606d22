// node media-readers.ts <reader> <capture> <seconds of sound in it>: reads the capture again and again and prints one JSON line.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { ChannelInterleaver } from "../../../aws-ingest/media/channel-interleaver.ts";
import type { Fragment } from "../../../aws-ingest/media/fragment.ts";
import { FragmentReader } from "../../../aws-ingest/media/fragments.ts";

/** An HTTP answer comes in pieces of about this size. */
const PIECE_BYTES = 64 * 1024;
/** A reader runs until it has used so much CPU time, and at least so often. */
const CPU_SECONDS = 1;
const PASSES = 3;

interface Found {
  /** Bytes of audio on both channels. */
  bytes: number;
  sha256: string;
}
type Reader = (pieces: Iterable<Uint8Array>, hash: boolean) => Promise<Found>;

/** Reads both channels and interleaves them in chunks of 100 ms. */
const vigia: Reader = async (pieces, hash) => {
  const reader = new FragmentReader();
  const interleaver = new ChannelInterleaver();
  const sides = sound(hash);
  const take = (chunks: ReturnType<ChannelInterleaver["addFragment"]>) => {
    for (const { pcm } of chunks) sides.stereo(pcm);
  };
  for (const piece of pieces) for (const fragment of reader.addBytes(piece)) take(interleaver.addFragment(fragment));
  for (const fragment of reader.endBytes()) take(interleaver.addFragment(fragment));
  take(interleaver.flushChunks());
  return sides.found();
};

/** Reads the blocks only, as the peers do. It does not interleave them. */
const vigiaBlocks: Reader = async (pieces, hash) => {
  const reader = new FragmentReader();
  const sides = sound(hash);
  const take = ({ tracks }: Fragment) => {
    for (const { number, blocks } of tracks.values()) for (const { payload } of blocks) sides.block(number, payload);
  };
  for (const piece of pieces) for (const fragment of reader.addBytes(piece)) take(fragment);
  for (const fragment of reader.endBytes()) take(fragment);
  return sides.found();
};

const ebml: Reader = async (pieces, hash) => {
  const { Decoder } = await import("ebml");
  const sides = sound(hash);
  const decoder = new Decoder();
  decoder.on("data", ([, element]: [string, { name: string; track: number; payload: Uint8Array }]) => {
    if (element.name === "SimpleBlock") sides.block(element.track, element.payload);
  });
  for (const piece of pieces) decoder.write(piece);
  await new Promise((resolve) => decoder.end(resolve));
  return sides.found();
};

const ebmlStream: Reader = async (pieces, hash) => {
  const { EbmlStreamDecoder, EbmlTagId } = (await import("ebml-stream")).default;
  const sides = sound(hash);
  const decoder = new EbmlStreamDecoder({});
  decoder.on("data", (tag: { id: number; track: number; payload: Uint8Array }) => {
    if (tag.id === EbmlTagId.SimpleBlock) sides.block(tag.track, tag.payload);
  });
  for (const piece of pieces) decoder.write(piece);
  await new Promise((resolve) => decoder.end(resolve));
  return sides.found();
};

const tsEbml: Reader = async (pieces, hash) => {
  const { Decoder, tools } = await import("ts-ebml");
  const sides = sound(hash);
  const decoder = new Decoder();
  for (const piece of pieces) {
    for (const element of decoder.decode(new Uint8Array(piece).buffer)) {
      if (element.name !== "SimpleBlock" || element.type !== "b") continue;
      const { trackNumber, frames } = tools.ebmlBlock(element.data);
      for (const frame of frames) sides.block(trackNumber, frame);
    }
  }
  return sides.found();
};

/** Counts the audio bytes. With `hash` it also hashes each channel, to compare the readers; that is not part of the measured time. */
function sound(hash: boolean) {
  const sides = [createHash("sha256"), createHash("sha256")];
  let bytes = 0;
  return {
    block(track: number, payload: Uint8Array) {
      bytes += payload.length;
      if (hash) sides[track - 1]?.update(payload);
    },
    stereo(pcm: Uint8Array) {
      bytes += pcm.length;
      if (!hash) return;
      const samples = new Int16Array(pcm.buffer, pcm.byteOffset, pcm.length / 2);
      for (const [index, side] of sides.entries()) side.update(samples.filter((_, at) => at % 2 === index));
    },
    found: (): Found => ({ bytes, sha256: sides.map((side) => side.digest("hex")).join(" ") }),
  };
}

const READERS: Record<string, Reader> = {
  vigia,
  "vigia-blocks": vigiaBlocks,
  ebml,
  "ebml-stream": ebmlStream,
  "ts-ebml": tsEbml,
};

const [name = "", file = "", seconds = "0"] = process.argv.slice(2);
const read = READERS[name];
if (read === undefined) throw new Error(`There is no reader ${name}. Choose one of ${Object.keys(READERS).join(", ")}.`);
const capture = readFileSync(file);
const found = await read(inPieces(capture), true);
await read(inPieces(capture), false);
const before = process.cpuUsage();
let cpuSeconds = 0;
let passes = 0;
while (passes < PASSES || cpuSeconds < CPU_SECONDS) {
  await read(inPieces(capture), false);
  passes += 1;
  const { user, system } = process.cpuUsage(before);
  cpuSeconds = (user + system) / 1e6;
}
const speed = (Number(seconds) * passes) / cpuSeconds;
console.log(JSON.stringify({ ...found, speed }));

function* inPieces(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) yield bytes.subarray(at, at + PIECE_BYTES);
}
