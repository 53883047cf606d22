/** btoa takes a text with a character a byte, and arguments of one call are limited. */
const BYTES_PER_CALL = 8 * 1024;

/** Compresses texts that arrive one by one, with a pause after each, so that posts go on meanwhile. */
export async function gzip(texts: Iterable<string>, pause: () => Promise<void>): Promise<Uint8Array> {
  const compression = new CompressionStream("gzip");
  const compressed = new Response(compression.readable).arrayBuffer();
  const writer = compression.writable.getWriter();
  const encoder = new TextEncoder();
  for (const text of texts) {
    await writer.write(encoder.encode(text));
    await pause();
  }
  await writer.close();
  return new Uint8Array(await compressed);
}

/** Decompresses to texts of whole lines. */
export async function* gunzipLines(bytes: Uint8Array<ArrayBuffer>): AsyncGenerator<string> {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip")).pipeThrough(new TextDecoderStream());
  let rest = "";
  for await (const text of stream) {
    const end = text.lastIndexOf("\n");
    if (end < 0) {
      rest += text;
      continue;
    }
    yield rest + text.slice(0, end + 1);
    rest = text.slice(end + 1);
  }
  if (rest !== "") yield rest;
}

export function toBase64(bytes: Uint8Array): string {
  let text = "";
  for (let start = 0; start < bytes.length; start += BYTES_PER_CALL)
    text += String.fromCharCode(...bytes.subarray(start, start + BYTES_PER_CALL));
  return btoa(text);
}

export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
