export type ServerName = "vigia" | "bare" | "party" | "agents-sdk" | "node-ws" | "socket-io";

export interface ServerOptions {
  agents: number;
  /** Settings of Vigía's Worker, by name. */
  vars?: Record<string, string>;
  deflate?: boolean;
  /** Limits the JavaScript heap, in MB, as Cloudflare does (128 MB an isolate). Left out: no limit. */
  heapMb?: number;
}
