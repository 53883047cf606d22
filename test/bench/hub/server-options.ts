export type ServerName = "vigia" | "bare" | "party" | "agents-sdk" | "node-ws" | "socket-io";

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
