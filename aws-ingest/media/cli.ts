import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { MatroskaError } from "./ebml-reader.ts";
import type { Fragment, FragmentTrack } from "./fragment.ts";
import { FragmentReader } from "./fragments.ts";

/** `npm run media -- FILE` prints one JSON line per fragment of a GetMedia capture. Exit code 1: not readable or not Matroska. 2: wrong arguments. */

class UnreadableFile extends Error {}

function describe(fragment: Fragment): string {
  const tracks = Object.fromEntries([...fragment.tracks].map(([name, track]) => [name, describeTrack(track)]));
  return JSON.stringify({
    fragment: fragment.fragmentNumber,
    contactId: fragment.contactId,
    producerTimestamp: fragment.producerTimestamp,
    clusters: fragment.clusters,
    tracks,
    tags: Object.fromEntries(fragment.tags),
    complete: fragment.complete,
  });
}

function describeTrack({ number, blocks }: FragmentTrack) {
  const hash = createHash("sha256");
  let bytes = 0;
  for (const { payload } of blocks) {
    hash.update(payload);
    bytes += payload.length;
  }
  return {
    number,
    blocks: blocks.length,
    bytes,
    firstMs: blocks[0]?.timeMs ?? null,
    lastMs: blocks.at(-1)?.timeMs ?? null,
    sha256: hash.digest("hex"),
  };
}

async function* chunksOf(file: string): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of createReadStream(file)) if (chunk instanceof Uint8Array) yield chunk;
  } catch (error) {
    throw new UnreadableFile(`The file ${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function* linesOf(file: string): AsyncGenerator<string> {
  const reader = new FragmentReader({ release: "document" });
  let empty = true;
  for await (const chunk of chunksOf(file)) {
    empty = false;
    for (const fragment of reader.addBytes(chunk)) yield describe(fragment);
  }
  if (empty) throw new MatroskaError("The file is empty", 0);
  for (const fragment of reader.endBytes()) yield describe(fragment);
}

async function print(line: string): Promise<void> {
  if (!process.stdout.write(`${line}\n`)) await new Promise<void>((resolve) => process.stdout.once("drain", resolve));
}

async function main(args: readonly string[]): Promise<number> {
  const [file, ...more] = args;
  if (file === undefined || file === "" || more.length > 0) {
    console.error("usage: npm run media -- FILE (one Kinesis Video Streams GetMedia capture)");
    return 2;
  }
  try {
    for await (const line of linesOf(file)) await print(line);
    return 0;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    console.error(error instanceof UnreadableFile ? `media: ${message}` : `media: ${file}: ${message}`);
    return 1;
  }
}

process.stdout.on("error", (error) => {
  // `| head` closes the pipe when it has enough lines. That is no error.
  if ("code" in error && error.code === "EPIPE") process.exit(0);
  console.error(`media: The lines cannot be written: ${error.message}`);
  process.exit(1);
});
process.exitCode = await main(process.argv.slice(2));
