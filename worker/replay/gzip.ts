import { gzipSync } from "node:zlib";

/** Compresses a text at once. A row of the log has some 16 KB, which takes a tenth of a millisecond. */
export function gzipText(text: string): ArrayBuffer {
  const { buffer, byteOffset, byteLength } = gzipSync(text);
  return buffer.slice(byteOffset, byteOffset + byteLength);
}

/** Compresses texts that come one by one, with a pause after each, so that posts go on meanwhile. */
export async function gzip(texts: Iterable<string>, pause: () => Promise<void>): Promise<ArrayBuffer> {
  const compression = new CompressionStream("gzip");
  const compressed = new Response(compression.readable).arrayBuffer();
  const writer = compression.writable.getWriter();
  const encoder = new TextEncoder();
  for (const text of texts) {
    await writer.write(encoder.encode(text));
    await pause();
  }
  await writer.close();
  return compressed;
}

/** Decompresses to texts of whole lines. */
export async function* gunzipLines(parts: readonly ArrayBuffer[]): AsyncGenerator<string> {
  const stream = new Blob([...parts]).stream().pipeThrough(new DecompressionStream("gzip")).pipeThrough(new TextDecoderStream());
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
