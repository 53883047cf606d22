export type ServerName =
  | "vigia"
  | "bare"
  | "party"
  | "agents-sdk"
  | "node-ws"
  | "socket-io"
  | "bare-conflating"
  | "bare-whole"
  | "node-whole"
  | "bun-whole"
  | "nchan";

/** Servers whose frames and answers name a position, in the form of Vigía's. The frames of the others are counted. */
const WITH_POSITIONS: ReadonlySet<ServerName> = new Set([
  "vigia",
  "bare-conflating",
  "bare-whole",
  "node-whole",
  "bun-whole",
  "nchan",
]);
/** Peers that take Vigía's own posts, signed as hers. */
const SAME_POSTS: ReadonlySet<ServerName> = new Set(["bare-conflating", "bare-whole", "node-whole", "bun-whole"]);

export function hasPositions(name: ServerName): boolean {
  return WITH_POSITIONS.has(name);
}

export function takesSamePosts(name: ServerName): boolean {
  return SAME_POSTS.has(name);
}

export interface ServerOptions {
  agents: number;
  /** Settings of Vigía's Worker, by name. */
  vars?: Record<string, string>;
  deflate?: boolean;
  /** The folder of another checkout whose Worker runs instead, as the base of a comparison. It needs its own node_modules. */
  root?: string | undefined;
  /** Limits the JavaScript heap, in MB, as Cloudflare does (128 MB an isolate). Left out: no limit. */
  heapMb?: number;
}
