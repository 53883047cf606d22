import { createServer, type IncomingMessage } from "node:http";
import type { StoredObject } from "../aws/s3-store.ts";

/** A page on loopback on which one can listen to the recordings of the demo, and read their transcripts. */
export interface RecordingsPage {
  url: string;
  close(): Promise<void>;
}

type Recording = Pick<StoredObject, "key" | "bytes" | "contentType" | "modifiedAt">;

interface PageAnswer {
  status: number;
  headers: Record<string, string>;
  body: string | Uint8Array;
}

/** A foreign web page can make a browser send requests to this port, but not with one of these names. */
const LOOPBACK_HOST = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/;
const WAV_HEADER_BYTES = 44;
/** 8 kHz, two channels, 16 bits. */
const BYTES_PER_SECOND = 32_000;

/**
 * Starts the page on a free port of 127.0.0.1.
 * @param objects returns the stored objects, the oldest first
 */
export async function startRecordingsPage(objects: () => readonly Recording[]): Promise<RecordingsPage> {
  const server = createServer((request, response) => {
    const { status, headers, body } = answer(request, objects());
    response.writeHead(status, { "cache-control": "no-store", "x-content-type-options": "nosniff", ...headers });
    response.end(request.method === "HEAD" ? undefined : body);
  });
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The page of the recordings has no port.");
  return {
    url: `http://127.0.0.1:${address.port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answer({ method, url, headers }: IncomingMessage, objects: readonly Recording[]): PageAnswer {
  if (!LOOPBACK_HOST.test(headers.host ?? "")) return text(403, "This page is for this machine only. Open it by 127.0.0.1.");
  if (method !== "GET" && method !== "HEAD")
    return { ...text(405, "The page can only be read. Use GET or HEAD."), headers: { allow: "GET, HEAD" } };
  const key = pathOf(url ?? "/");
  if (key === "") return { status: 200, headers: { "content-type": "text/html; charset=utf-8" }, body: listPage(objects) };
  const object = objects.find((candidate) => candidate.key === key);
  return object === undefined
    ? text(404, "There is no such recording. The demo keeps the newest ones.")
    : objectAnswer(object, headers.range);
}

function pathOf(url: string): string {
  try {
    return decodeURIComponent(new URL(url, "http://127.0.0.1").pathname).slice(1);
  } catch {
    return "?";
  }
}

/** Answers a part of the object too, because a browser's player asks for parts when one moves its slider. */
function objectAnswer({ bytes, contentType }: Recording, range: string | undefined): PageAnswer {
  const headers = { "content-type": contentType, "accept-ranges": "bytes" };
  const [, from = "", to = ""] = /^bytes=(\d+)-(\d*)$/.exec(range ?? "") ?? [];
  if (from === "") return { status: 200, headers, body: bytes };
  const begin = Number(from);
  const end = to === "" ? bytes.length : Math.min(bytes.length, Number(to) + 1);
  if (begin >= end)
    return {
      ...text(416, "The recording has no such part. Ask for a range within its bytes."),
      headers: { "content-range": `bytes */${bytes.length}` },
    };
  return {
    status: 206,
    headers: { ...headers, "content-range": `bytes ${begin}-${end - 1}/${bytes.length}` },
    body: bytes.subarray(begin, end),
  };
}

function listPage(objects: readonly Recording[]): string {
  const wavs = objects.filter(({ key }) => key.endsWith(".wav")).toReversed();
  const rows = wavs.map((wav) => {
    const transcript = wav.key.replace(/\.wav$/, ".json");
    const seconds = Math.round((wav.bytes.length - WAV_HEADER_BYTES) / BYTES_PER_SECOND);
    const link = objects.some(({ key }) => key === transcript) ? `<a href="/${escaped(transcript)}">transcript</a>` : "";
    return `<tr><td>${new Date(wav.modifiedAt).toISOString()}</td><td>${escaped(wav.key)}</td><td>${seconds} s</td>
<td><audio controls preload="none" src="/${escaped(wav.key)}"></audio></td><td>${link}</td></tr>`;
  });
  const table = `<table><tr><th>stored</th><th>key</th><th>length</th><th>customer left, agent right</th><th></th></tr>${rows.join("\n")}</table>`;
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Vigía: recordings of the demo</title>
<h1>Recordings of the demo</h1>
<p>The simulated callers speak in telephone tones. Masked words are silent. Some calls ask for a recording; it is here when the call is over.</p>
${rows.length === 0 ? "<p>There is none yet. Reload the page in a minute.</p>" : table}</html>`;
}

function text(status: number, body: string): PageAnswer {
  return { status, headers: { "content-type": "text/plain; charset=utf-8" }, body };
}

function escaped(value: string): string {
  return value.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
