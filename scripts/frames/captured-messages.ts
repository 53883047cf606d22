import * as v from "valibot";

/** What a browser exports of a socket (HAR 1.2 with Chrome's `_webSocketMessages`: opcode 1 is text, 2 is base64 of bytes). */
const harSchema = v.object({
  log: v.object({
    entries: v.array(
      v.object({
        _webSocketMessages: v.optional(v.array(v.object({ type: v.string(), opcode: v.number(), data: v.string() })), []),
      }),
    ),
  }),
});
const BINARY = 2;
const BASE64 = /^[A-Za-z0-9+/\s]+={0,2}\s*$/;

/**
 * Returns the messages of the hub in a capture, one list for each socket: a HAR file, one frame as bytes, one as base64, or texts
 * with a frame a line.
 */
export function capturedMessages(content: Buffer): (string | Uint8Array)[][] {
  // A packed frame begins with the header of a stored block, which is no text.
  if (content[0] === 0) return [[content]];
  const text = content.toString();
  const har = v.safeParse(v.pipe(v.string(), v.parseJson(), harSchema), text);
  if (har.success) {
    const received = har.output.log.entries.map(({ _webSocketMessages: messages }) =>
      messages
        .filter(({ type }) => type === "receive")
        .map(({ opcode, data }) => (opcode === BINARY ? Buffer.from(data, "base64") : data)),
    );
    return received.filter((messages) => messages.length > 0);
  }
  if (BASE64.test(text)) return [[Buffer.from(text, "base64")]];
  return [text.split("\n").filter((line) => line.trim() !== "")];
}
