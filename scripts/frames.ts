import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import * as v from "valibot";
import { DEMO_INSTANCE } from "../local/start/dev-vars.ts";
import { COMPACT_SUBPROTOCOL, SUBPROTOCOL, TICKET_PREFIX } from "../protocol/messages.ts";
import { capturedMessages } from "./frames/captured-messages.ts";
import { ReadableFrames } from "./frames/readable-frames.ts";

/**
 * `npm run frames -- FILE|URL` prints the frames of a capture or of a running hub, one JSON line each, with compact rows written out.
 * URL is that of a hub, or of an instance (`…/v1/instances/ID`). Without `--ticket` it asks the hub for one, which only a hub in
 * local mode gives. Exit code 1: not readable. 2: wrong arguments.
 */
const USAGE =
  "Usage: npm run frames -- FILE|URL [--ticket TICKET] [--text]  (FILE: HAR, one frame as bytes or base64, or a text a line)";

function readArguments() {
  try {
    const options = { ticket: { type: "string" }, text: { type: "boolean", default: false } } as const;
    const { values, positionals } = parseArgs({ options, allowPositionals: true });
    const [source, ...more] = positionals;
    if (source !== undefined && more.length === 0) return { source, ...values };
  } catch {
    // An unknown option: the usage says which there are.
  }
  console.error(USAGE);
  process.exit(2);
}

function printCapture(file: string): void {
  const sockets = capturedMessages(readFileSync(file));
  for (const [index, messages] of sockets.entries()) {
    const frames = new ReadableFrames();
    for (const message of messages) {
      console.log(JSON.stringify({ ...(sockets.length > 1 && { socket: index + 1 }), ...frames.read(message) }));
    }
  }
}

async function printLive(url: string, ticket: string | undefined, text: boolean): Promise<void> {
  const base = /\/v1\/instances\//.test(url) ? url : `${url.replace(/\/$/, "")}/v1/instances/${DEMO_INSTANCE}`;
  const offered = [...(text ? [] : [COMPACT_SUBPROTOCOL]), SUBPROTOCOL, TICKET_PREFIX + (ticket ?? (await buyTicket(base)))];
  const socket = new WebSocket(`${base.replace(/^http/, "ws")}/live`, offered);
  socket.binaryType = "arraybuffer";
  const frames = new ReadableFrames();
  socket.onmessage = ({ data }) => {
    const message = data instanceof ArrayBuffer ? new Uint8Array(data) : String(data);
    console.log(JSON.stringify({ at: new Date().toISOString(), ...frames.read(message) }));
  };
  await new Promise<void>((resolve, reject) => {
    socket.onclose = ({ code, reason }) =>
      code === 1000 ? resolve() : reject(new Error(`The hub closed with ${code} ${reason}. See docs/protocol.md, Close codes.`));
    process.once("SIGINT", () => socket.close(1000));
  });
}

async function buyTicket(base: string): Promise<string> {
  const answer = await fetch(`${base}/tickets`, { method: "POST" });
  if (!answer.ok) throw new Error(`The hub gives no ticket without an identity (${answer.status}). Pass one with --ticket.`);
  return v.parse(v.object({ ticket: v.string() }), await answer.json()).ticket;
}

const { source, ticket, text } = readArguments();
try {
  if (/^https?:/.test(source)) await printLive(source, ticket, text);
  else printCapture(source);
} catch (error) {
  console.error(`${source}: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
