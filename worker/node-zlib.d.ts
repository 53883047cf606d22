/** The part of Node's zlib that the hub and its tests use. workerd has it (Cloudflare docs, Workers Node.js), its types do not. */
declare module "node:zlib" {
  export const constants: { readonly Z_SYNC_FLUSH: number };
  export function deflateRawSync(text: string, options: { level: number; finishFlush: number }): Uint8Array;
  export function gzipSync(text: string): Uint8Array<ArrayBuffer>;
  export function inflateRawSync(bytes: ArrayBuffer): Uint8Array;
}
