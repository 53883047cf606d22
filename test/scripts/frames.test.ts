import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { deflateRawSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { rowNumber } from "../../protocol/row-number.ts";
import { capturedMessages } from "../../scripts/frames/captured-messages.ts";
import { ReadableFrames } from "../../scripts/frames/readable-frames.ts";

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), "vigia-frames-"));
afterAll(() => rmSync(folder, { recursive: true }));

const list = JSON.stringify({ type: "initialAgentList", epoch: "e", seq: 1, data: [{ agentId: "a", name: "Ana" }] });
const batch = JSON.stringify({
  type: "agentStatusBatch",
  ...{
    epoch: "e",
    from: 1,
    to: 2,
    data: [
      [rowNumber("a"), 1, -2.5],
      [7, 1, 0],
      [8, 9, 0],
    ],
    removed: [],
  },
  queues: { data: [[rowNumber("a"), 1, 3]], removed: [] },
  shapes: { 1: ["sentiment.customer.score"] },
});
const packed = deflateRawSync(batch);

describe("The reader of frames", () => {
  it("writes compact rows out, with the keys that it knows from earlier frames.", () => {
    const frames = new ReadableFrames();
    expect(frames.read(list)).toMatchObject({ bytes: list.length, unpackedBytes: null, frame: { seq: 1 } });
    const { bytes, unpackedBytes, frame } = frames.read(packed);
    expect([bytes, unpackedBytes]).toEqual([packed.length, batch.length]);
    expect(frame).toEqual({
      ...{ type: "agentStatusBatch", epoch: "e", from: 1, to: 2, removed: [] },
      data: [
        { row: rowNumber("a"), key: "a", "sentiment.customer.score": -2.5 },
        { row: 7, "sentiment.customer.score": 0 },
        [8, 9, 0],
      ],
      queues: { data: [{ row: rowNumber("a"), key: "a", "sentiment.customer.score": 3 }], removed: [] },
    });
    expect(frames.read("pong").frame).toBe("pong");
  });

  it("reads a HAR file of a browser, one frame as bytes or base64, and texts.", () => {
    const messages = [
      { type: "send", opcode: 1, data: "ping" },
      { type: "receive", opcode: 1, data: list },
      { type: "receive", opcode: 2, data: packed.toString("base64") },
    ];
    const har = JSON.stringify({ log: { entries: [{ request: {} }, { _webSocketMessages: messages }] } });
    expect(capturedMessages(Buffer.from(har))).toEqual([[list, packed]]);
    expect(capturedMessages(Buffer.from(`${packed.toString("base64")}\n`))).toEqual([[packed]]);
    expect(capturedMessages(Buffer.from(`${list}\n${batch}\n`))).toEqual([[list, batch]]);
    const bytes = Buffer.from([0, 1, 0, 0xfe, 0xff, 0x7b]);
    expect(capturedMessages(bytes)).toEqual([[bytes]]);
  });

  it("prints a line for each frame, and ends with one clear line when it cannot read.", async () => {
    const file = join(folder, "frames.txt");
    writeFileSync(file, `${list}\n${batch}\n`);
    const { stdout } = await run(process.execPath, ["scripts/frames.ts", file]);
    expect(
      stdout
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line).frame.type),
    ).toEqual(["initialAgentList", "agentStatusBatch"]);
    writeFileSync(file, packed.toString("base64").slice(0, 20));
    await expect(run(process.execPath, ["scripts/frames.ts", file])).rejects.toMatchObject({
      code: 1,
      stderr: /^\S+frames\.txt: .+\n$/,
    });
    await expect(run(process.execPath, ["scripts/frames.ts"])).rejects.toMatchObject({ code: 2, stderr: /^Usage: / });
  });
});
