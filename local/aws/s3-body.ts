import { createHash } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { crc32 } from "node:zlib";
import { ServiceError } from "./service.ts";

/**
 * Reads the bytes of an upload, plain or in `aws-chunked` pieces, and checks its checksums.
 * @throws ServiceError IncompleteBody when bytes are missing, BadDigest when a checksum differs
 */
export function readUpload(body: Uint8Array, headers: IncomingHttpHeaders): Uint8Array {
  const chunked = /\baws-chunked\b/.test(headers["content-encoding"] ?? "") || "x-amz-decoded-content-length" in headers;
  const { bytes, trailers } = chunked ? unchunk(Buffer.from(body)) : { bytes: body, trailers: new Map<string, string>() };

  const declared = headers["x-amz-decoded-content-length"];
  if (declared !== undefined && Number(declared) !== bytes.length) {
    const message = "You did not provide the number of bytes specified by the Content-Length HTTP header.";
    throw new ServiceError(400, "IncompleteBody", message);
  }
  const sent = (name: string): string | undefined => trailers.get(name) ?? headers[name]?.toString();
  const sums: readonly (readonly [string, () => string])[] = [
    ["x-amz-checksum-crc32", () => crc32Of(bytes)],
    ["x-amz-checksum-sha256", () => createHash("sha256").update(bytes).digest("base64")],
    ["content-md5", () => createHash("md5").update(bytes).digest("base64")],
  ];
  for (const [name, computed] of sums) {
    const value = sent(name);
    if (value !== undefined && value !== computed()) {
      throw new ServiceError(400, "BadDigest", `The ${name} you specified did not match the calculated checksum.`);
    }
  }
  return bytes;
}

function crc32Of(bytes: Uint8Array): string {
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(bytes));
  return sum.toString("base64");
}

/** Reads pieces of `SIZE-IN-HEX;extensions CRLF bytes CRLF`, an empty piece, and then the trailing headers. */
function unchunk(body: Buffer): { bytes: Uint8Array; trailers: Map<string, string> } {
  const parts: Buffer[] = [];
  let at = 0;
  for (;;) {
    const lineEnd = body.indexOf("\r\n", at);
    if (lineEnd < 0) throw new ServiceError(400, "IncompleteBody", "The request body ended within a chunk.");
    const size = Number.parseInt(body.toString("latin1", at, lineEnd), 16);
    const begin = lineEnd + 2;
    if (Number.isNaN(size) || begin + size > body.length) {
      throw new ServiceError(400, "IncompleteBody", "The request body ended within a chunk.");
    }
    if (size === 0) {
      const trailers = body
        .toString("latin1", begin)
        .split("\r\n")
        .filter((line) => line.includes(":"));
      return { bytes: Buffer.concat(parts), trailers: new Map(trailers.map(readTrailer)) };
    }
    parts.push(body.subarray(begin, begin + size));
    at = begin + size + 2;
  }
}

function readTrailer(line: string): [string, string] {
  const colon = line.indexOf(":");
  return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()];
}
