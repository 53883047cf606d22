import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ChannelInterleaver } from "../../aws-ingest/media/channel-interleaver.ts";
import { MatroskaError } from "../../aws-ingest/media/ebml-reader.ts";
import { FragmentReader } from "../../aws-ingest/media/fragments.ts";
import { SKIPPED } from "../oracle-packages.ts";
import { missingTools, runTool, speakText } from "./spoken/spoken-text.ts";

/**
 * Judges the reading of audio by software that we did not write: espeak-ng speaks Spanish and English, ffmpeg, mkvmerge and
 * GStreamer pack it into Matroska in several ways, and our reader and interleaver must give back every sample.
 * `node scripts/oracle/sound.ts`. Exit code 0: all right. 1: a difference. 77: a tool is missing (apt-get install …).
 */

const TOOLS = ["espeak-ng", "ffmpeg", "mkvmerge", "gst-launch-1.0"];
const CUSTOMER = "AUDIO_FROM_CUSTOMER";
const AGENT = "AUDIO_TO_CUSTOMER";

const folder = mkdtempSync(join(tmpdir(), "vigia-sound-"));
const file = (name: string) => join(folder, name);

/** Returns the two channels of a capture as our reader and interleaver give them. */
function channelsOf(bytes: Buffer): [customer: Buffer, agent: Buffer] {
  const reader = new FragmentReader({ release: "document" });
  const interleaver = new ChannelInterleaver();
  const chunks: Uint8Array[] = [];
  // Odd pieces, as a network delivers them.
  for (let at = 0; at < bytes.length; at += 4093) {
    for (const fragment of reader.addBytes(bytes.subarray(at, at + 4093))) {
      chunks.push(...interleaver.addFragment(fragment).map(({ pcm }) => pcm));
    }
  }
  for (const fragment of reader.endBytes()) chunks.push(...interleaver.addFragment(fragment).map(({ pcm }) => pcm));
  chunks.push(...interleaver.flushChunks().map(({ pcm }) => pcm));
  const all = Buffer.concat(chunks);
  const sides: [Buffer, Buffer] = [Buffer.alloc(all.length / 2), Buffer.alloc(all.length / 2)];
  for (let at = 0, to = 0; at < all.length; at += 4, to += 2) {
    sides[0].writeInt16LE(all.readInt16LE(at), to);
    sides[1].writeInt16LE(all.readInt16LE(at + 2), to);
  }
  return sides;
}

/** Says where two sounds differ, or null. Zeros behind the shorter one are no difference: the last 100 ms are filled up. */
function difference(expected: Buffer, found: Buffer): string | null {
  for (let at = 0; at < Math.max(expected.length, found.length); at += 2) {
    const [want, have] = [expected, found].map((sound) => (at + 1 < sound.length ? sound.readInt16LE(at) : 0));
    if (want !== have) return `sample ${at / 2} is ${have}, but ${want} was spoken`;
  }
  return null;
}

/** `-metadata title` is the name of a track. */
const ffmpeg = (to: string, ...options: string[]) => {
  const inputs = ["-i", file("customer.wav"), "-i", file("agent.wav"), "-map", "0:a", "-map", "1:a"];
  const names = ["-metadata:s:0", `title=${CUSTOMER}`, "-metadata:s:1", `title=${AGENT}`];
  runTool("ffmpeg", "-v", "error", "-y", ...inputs, ...names, "-c:a", "pcm_s16le", ...options, file(to));
};
const mkvmerge = (to: string, ofTrack: readonly string[] = [], ofFile: readonly string[] = []) => {
  const side = (name: string, title: string) => [...ofTrack, "--track-name", `0:${title}`, file(`${name}.wav`)];
  runTool("mkvmerge", "-q", "-o", file(to), ...ofFile, ...side("customer", CUSTOMER), ...side("agent", AGENT));
};
const gstreamer = (to: string) => {
  const side = (name: string, title: string) => [
    "filesrc",
    `location=${file(`${name}.wav`)}`,
    "!",
    "wavparse",
    "!",
    "taginject",
    `tags=title=${title}`,
    "!",
    "queue",
    "!",
    "mux.",
  ];
  runTool(
    "gst-launch-1.0",
    "-q",
    ...side("customer", CUSTOMER),
    ...side("agent", AGENT),
    "matroskamux",
    "name=mux",
    "!",
    "filesink",
    `location=${file(to)}`,
  );
};

/** Each way of packing, and what must come of it: the sound, or a refusal that names the reason. */
const PACKINGS: readonly { name: string; pack: (to: string) => void; refused?: RegExp }[] = [
  { name: "ffmpeg, its own block sizes", pack: (to) => ffmpeg(to) },
  ...[500, 499, 333, 512, 1001].map((samples) => ({
    name: `ffmpeg, blocks of ${samples / 8} ms at ticks of 1 ms`,
    pack: (to: string) => ffmpeg(to, "-af", `asetnsamples=n=${samples}:p=0`),
  })),
  { name: "ffmpeg, live (clusters without sizes)", pack: (to) => ffmpeg(to, "-live", "1", "-cluster_time_limit", "1000") },
  { name: "mkvmerge", pack: (to) => mkvmerge(to) },
  { name: "mkvmerge, without lacing", pack: (to) => mkvmerge(to, [], ["--disable-lacing"]) },
  { name: "mkvmerge, ticks of 10 ms", pack: (to) => mkvmerge(to, [], ["--timestamp-scale", "10000000"]) },
  ...[
    ["libopus", "-ar", "48000"],
    ["aac"],
    ["flac"],
    ["pcm_s16be"],
    ["pcm_f32le"],
    ["pcm_mulaw"],
    ["pcm_s16le", "-ar", "16000"],
    ["pcm_s16le", "-ac", "2"],
  ].map((codec) => ({
    name: `ffmpeg, ${codec.join(" ")}`,
    pack: (to: string) => ffmpeg(to, "-c:a", ...codec),
    refused: /^The track AUDIO_FROM_CUSTOMER has (the codec|16000 samples a second|2 channels)/,
  })),
  { name: "mkvmerge, zlib", pack: (to) => mkvmerge(to, ["--compression", "0:zlib"]), refused: /ContentEncodings/ },
  { name: "GStreamer", pack: gstreamer },
];

function judge({ pack, refused }: (typeof PACKINGS)[number], index: number, said: readonly [Buffer, Buffer]): string | null {
  const to = `${index}.mkv`;
  pack(to);
  const bytes = readFileSync(file(to));
  try {
    const [customer, agent] = channelsOf(bytes);
    if (refused) return "it was read, but must be refused";
    const wrong = [difference(said[0], customer), difference(said[1], agent)];
    return wrong.find((each) => each !== null) ?? null;
  } catch (error) {
    if (!(error instanceof MatroskaError)) throw error;
    return refused?.test(error.message) ? null : error.message;
  }
}

function main(): number {
  const missing = missingTools(...TOOLS);
  if (missing !== null) {
    console.log(missing);
    return SKIPPED;
  }
  const customer = speakText(
    folder,
    "es-419",
    "Buenos días. Llevo tres días sin internet y nadie me da una solución. Estoy muy molesta con ustedes. ".repeat(4),
    "customer",
  );
  const agent = speakText(
    folder,
    "en-us",
    "I am sorry to hear that. Let me look at your line. It will work again within the hour. ".repeat(4),
    "agent",
  );
  let failures = 0;
  for (const [index, packing] of PACKINGS.entries()) {
    const wrong = judge(packing, index, [customer, agent]);
    console.log(
      `${wrong === null ? "ok    " : "WRONG "} ${packing.name}${wrong === null ? (packing.refused ? ": refused by name" : "") : `: ${wrong}`}`,
    );
    if (wrong !== null) failures += 1;
  }
  const seconds = Math.round((customer.length + agent.length) / 16_000);
  console.log(`${PACKINGS.length - failures} of ${PACKINGS.length} packings of ${seconds} s of speech are right to the sample.`);
  return failures === 0 ? 0 : 1;
}

try {
  process.exitCode = main();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
