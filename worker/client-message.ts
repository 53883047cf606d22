import * as v from "valibot";
import { type ClientMessage, clientMessageSchema, MAX_CLIENT_MESSAGE_BYTES } from "../protocol/messages.ts";

const encoder = new TextEncoder();

export type ReadMessage = { ok: true; message: ClientMessage } | { ok: false; code: string; message: string };

/** Reads a frame of a viewer. A refusal holds the code and the message of the error frame. */
export function readClientMessage(data: string | ArrayBuffer): ReadMessage {
  if (typeof data !== "string")
    return { ok: false, code: "not_text", message: "The message is a binary frame. Send a text frame with JSON." };
  if (encoder.encode(data).length > MAX_CLIENT_MESSAGE_BYTES) {
    return { ok: false, code: "too_large", message: `The message is too large. Send at most ${MAX_CLIENT_MESSAGE_BYTES} bytes.` };
  }
  let json: unknown;
  try {
    json = JSON.parse(data);
  } catch {
    return { ok: false, code: "not_json", message: "The message is not valid JSON. Send an object with a type." };
  }
  const result = v.safeParse(clientMessageSchema, json);
  if (result.success) return { ok: true, message: result.output };
  return {
    ok: false,
    code: "unknown_message",
    message:
      "The message is unknown. Send one of watch, unwatch (contactId), watchQueue, unwatchQueue (queueId), acknowledge (alertId), " +
      "pace (intervalMs, 100 to 10000), refresh (ticket), resync.",
  };
}
