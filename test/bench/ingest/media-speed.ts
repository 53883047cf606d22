import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as v from "valibot";
import { ChannelInterleaver } from "../../../aws-ingest/media/channel-interleaver.ts";
import { FragmentReader } from "../../../aws-ingest/media/fragments.ts";
import { connectFragment } from "../../aws-ingest/media/capture.ts";
import type { Measured } from "../measure/figure.ts";
import type { Effort, Scenario } from "../scenario.ts";
import { repeat } from "../scenario.ts";

const READERS = fileURLToPath(new URL("../peers/media-readers.ts", import.meta.url));
const PEERS = ["ebml", "ebml-stream", "ts-ebml"] as const;
const FRAGMENT_SECONDS = 1.024;

const outputSchema = v.pipe(v.string(), v.parseJson(), v.object({ bytes: v.number(), sha256: v.string(), speed: v.number() }));

/** Measures the way from the bytes of GetMedia to 100 ms chunks of both sides, against the readers on npm. */
export const mediaSpeed: Scenario = {
  name: "GetMedia bytes to stereo sound",
  async run({ quick }: Effort): Promise<Measured[]> {
    // A multiple of 25 fragments is a multiple of 100 ms, so no chunk is padded.
    const fragments = quick ? 150 : 600;
    const folder = mkdtempSync(join(tmpdir(), "vigia-bench-media-"));
    try {
      const file = join(folder, "call.mkv");
      writeFileSync(file, Buffer.concat(Array.from({ length: fragments }, (_, index) => connectFragment(index))));
      const seconds = fragments * FRAGMENT_SECONDS;
      const results = new Map<string, v.InferOutput<typeof outputSchema>[]>();
      const times = quick ? 1 : 5;
      for (const reader of ["vigia", "vigia-blocks", ...PEERS])
        results.set(reader, await repeat(times, async () => read(reader, file, seconds)));
      const runsOf = (reader: string) => results.get(reader) ?? [];
      return [
        ...PEERS.map((peer) => placed(peer, runsOf("vigia"), runsOf(peer))),
        ...PEERS.map((peer) => found(peer, runsOf("vigia-blocks"), runsOf(peer))),
        {
          name: "Memory growth of the audio path over one hour of sound",
          unit: "KiB",
          ours: await repeat(quick ? 1 : 3, async () => growth(quick ? 600 : 3500)),
          peer: null,
          peerName: null,
          goal: { of: "ours", atMost: 1024 },
          note: "Heap and buffers after a collection: the value at the end of the call minus the value after its first two minutes. The audio path holds about a second of audio.",
        },
      ];
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

type Runs = readonly v.InferOutput<typeof outputSchema>[];

function placed(peer: string, ours: Runs, theirs: Runs): Measured {
  return {
    name: "Sound read per second of CPU",
    ...speeds(peer, ours, theirs),
    goal: peer === "ebml" ? { of: "ours", atLeast: 5000 } : null,
    note: "A capture as Kinesis writes it, both sides, in pieces of 64 KiB. Ours ends with both channels interleaved in chunks for the speech service. The peers end where that work begins, with the bytes of the blocks. The audio is compared by its SHA-256.",
  };
}

function found(peer: string, ours: Runs, theirs: Runs): Measured {
  return {
    name: "The same without placing it: only the blocks found",
    ...speeds(peer, ours, theirs),
    goal: null,
    note: "The same captures. Here ours ends where the peers end.",
  };
}

function speeds(peer: string, ours: Runs, theirs: Runs): Pick<Measured, "unit" | "ours" | "peer" | "peerName"> {
  const [own, other] = [ours[0], theirs[0]];
  const same = own !== undefined && own.sha256 === other?.sha256;
  return {
    unit: "s of call / CPU s",
    ours: ours.map((result) => result.speed),
    peer: theirs.map((result) => result.speed),
    peerName: `npm ${peer}${same ? "" : " (sound differs from ours!)"}`,
  };
}

function read(reader: string, file: string, seconds: number) {
  const output = execFileSync(process.execPath, [READERS, reader, file, String(seconds)], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    cwd: fileURLToPath(new URL("..", import.meta.url)),
  });
  return v.parse(outputSchema, output);
}

function growth(fragments: number): number {
  const reader = new FragmentReader();
  const interleaver = new ChannelInterleaver();
  let early = 0;
  for (let index = 0; index < fragments; index += 1) {
    for (const fragment of reader.addBytes(connectFragment(index))) interleaver.addFragment(fragment);
    if (index === 120) early = memoryInUse();
  }
  return Math.max(0, memoryInUse() - early) / 1024;
}

function memoryInUse(): number {
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
