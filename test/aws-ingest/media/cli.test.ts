import { execFile, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { closeSync, openSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join as joinPath } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { join } from "../../../local/aws/matroska-writer.ts";
import { CONTACT, connectFragment, fragmentNumber, T0, voice } from "./capture.ts";

const CLI = fileURLToPath(new URL("../../../aws-ingest/media/cli.ts", import.meta.url));
let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(joinPath(tmpdir(), "media-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function file(bytes: Uint8Array): Promise<string> {
  const path = joinPath(folder, createHash("sha256").update(bytes).digest("hex"));
  await writeFile(path, bytes);
  return path;
}

function media(...args: string[]): Promise<{ code: number; lines: unknown[]; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [CLI, ...args], { maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      const lines = stdout.split("\n").filter((line) => line !== "");
      resolve({ code: Number(error?.code ?? 0), lines: lines.map((line): unknown => JSON.parse(line)), stderr });
    });
  });
}

function sha256(samples: Int16Array): string {
  return createHash("sha256")
    .update(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength))
    .digest("hex");
}

it("The media command prints one line per fragment, and a fragment without tags has the contact of the one before.", async () => {
  const capture = await file(join([connectFragment(0, { swapped: true }), connectFragment(1, { producerTags: "none" })]));
  const { code, lines, stderr } = await media(capture);
  expect([code, stderr]).toEqual([0, ""]);
  expect(lines).toHaveLength(2);
  expect(lines[0]).toEqual({
    fragment: fragmentNumber(0),
    contactId: CONTACT,
    producerTimestamp: "1714363529.673",
    clusters: 1,
    tracks: {
      AUDIO_FROM_CUSTOMER: {
        number: 2,
        blocks: 16,
        bytes: 16_384,
        firstMs: T0,
        lastMs: T0 + 960,
        sha256: sha256(voice("customer", 0, 8192)),
      },
      AUDIO_TO_CUSTOMER: {
        number: 1,
        blocks: 16,
        bytes: 16_384,
        firstMs: T0,
        lastMs: T0 + 960,
        sha256: sha256(voice("agent", 0, 8192)),
      },
    },
    tags: {
      ContactId: CONTACT,
      InstanceId: "instance",
      MimeType: "audio/L16;rate=8000;channels=1;",
      AUDIO_FROM_CUSTOMER: "1",
      AUDIO_TO_CUSTOMER: "2",
      AWS_KINESISVIDEO_FRAGMENT_NUMBER: fragmentNumber(0),
      AWS_KINESISVIDEO_PRODUCER_TIMESTAMP: "1714363529.673",
      AWS_KINESISVIDEO_SERVER_TIMESTAMP: "1714363531.173",
      AWS_KINESISVIDEO_MILLIS_BEHIND_NOW: "0",
      AWS_KINESISVIDEO_CONTINUATION_TOKEN: fragmentNumber(0),
    },
    complete: true,
  });
  expect(lines[1]).toMatchObject({ fragment: fragmentNumber(1), contactId: CONTACT, complete: true });
});

it("The media command prints a cut fragment as its last line, with complete: false, and succeeds.", async () => {
  const { code, lines } = await media(await file(join([connectFragment(0), connectFragment(1).subarray(0, 20_000)])));
  expect(code).toBe(0);
  expect(lines).toMatchObject([{ complete: true }, { complete: false, contactId: CONTACT, fragment: fragmentNumber(1) }]);
});

it("The media command prints every fragment of a long capture.", async () => {
  const capture = await file(join(Array.from({ length: 60 }, (_, i) => connectFragment(i))));
  const { code, lines } = await media(capture);
  expect([code, lines.length]).toEqual([0, 60]);
});

it.each([
  ["text", new TextEncoder().encode("hello"), /^media: \S+: The data is not Matroska: it has no EBML header \(at byte 0\)\.\n$/],
  ["nothing", new Uint8Array(0), /^media: \S+: The file is empty \(at byte 0\)\.\n$/],
])("The media command exits with code 1 and one line on stderr when the file contains %s.", async (_name, bytes, message) => {
  const { code, lines, stderr } = await media(await file(bytes));
  expect([code, lines]).toEqual([1, []]);
  expect(stderr).toMatch(message);
});

it("The media command prints the fragments before foreign bytes, and then exits with code 1.", async () => {
  const { code, lines, stderr } = await media(await file(join([connectFragment(0), connectFragment(1), new Uint8Array(9)])));
  expect(code).toBe(1);
  expect(lines).toMatchObject([{ complete: true }, { fragment: fragmentNumber(1), complete: false }]);
  expect(stderr).toMatch(/^media: \S+: No EBML element begins here \(at byte \d+\)\.\n$/);
});

it("The media command exits with code 1 for a file that cannot be read, and with code 2 for wrong arguments.", async () => {
  const missing = await media(joinPath(folder, "missing.mkv"));
  expect([missing.code, missing.stderr.split("\n").length]).toEqual([1, 2]);
  expect(missing.stderr).toMatch(/^media: The file \S+missing\.mkv cannot be read: ENOENT/);
  expect((await media(folder)).stderr).toMatch(/^media: The file \S+ cannot be read: EISDIR[^\n]*\n$/);
  for (const args of [[], [""], ["a", "b"]]) {
    expect(await media(...args)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^usage: npm run media -- FILE [^\n]*\n$/),
    });
  }
});

it("The media command says that the data is not Matroska, whatever its first bytes are.", async () => {
  for (const first of [0x00, 0x4a, 0x81, 0xff]) {
    const { code, stderr } = await media(await file(Uint8Array.of(first, 0x95, 0x00, 0x00, 1, 2, 3, 4)));
    expect([code, stderr.trimEnd().split("\n").length]).toEqual([1, 1]);
    expect(stderr).toContain("The data is not Matroska: it has no EBML header (at byte 0).");
  }
});

it("The media command ends with exit code 1 when its lines cannot be written.", async () => {
  const full = openSync("/dev/full", "w");
  const child = spawn(process.execPath, [CLI, await file(connectFragment(0))], { stdio: ["ignore", full, "pipe"] });
  closeSync(full);
  let stderr = "";
  child.stderr?.on("data", (data) => (stderr += String(data)));
  expect(await new Promise((resolve) => child.once("close", resolve))).toBe(1);
  expect(stderr).toMatch(/^media: The lines cannot be written: ENOSPC.*\n$/);
});
