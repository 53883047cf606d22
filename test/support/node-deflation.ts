import { constants, deflateRawSync } from "node:zlib";
import type { Compression } from "../../core/broadcast/frame-packer.ts";

/** Node's zlib as the core's compression. */
export const nodeDeflation: Compression = {
  encode: (text) => new TextEncoder().encode(text),
  deflate: (text) => deflateRawSync(text, { finishFlush: constants.Z_SYNC_FLUSH }),
};
