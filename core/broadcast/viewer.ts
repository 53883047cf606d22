import type { CloseReason } from "../../protocol/close-codes.ts";
import type { GroupFilter } from "../board/visibility.ts";

/** What the broadcaster needs of a socket. */
export interface ViewerPort {
  send(text: string): void;
  close(reason: CloseReason): void;
  /** Bytes accepted by `send` that have not left yet; 0 where the runtime cannot tell. */
  backlog(): number;
}

/** One dashboard socket. */
export interface Viewer {
  id: string;
  subject: string;
  /** Speaks the oldest frames only. */
  plain: boolean;
  groupFilter: GroupFilter;
  expiresAt: number;
  watching: ReadonlySet<string>;
}

export interface Position {
  epoch: string;
  seq: number;
}

/** Totals since the object started; the metrics page reads them. */
export interface BroadcastCounters {
  frames: number;
  bytes: number;
  flushes: number;
  flushedAgents: number;
  snapshots: number;
  resumed: number;
  resyncs: number;
  slowCloses: number;
}

export function newCounters(): BroadcastCounters {
  return { frames: 0, bytes: 0, flushes: 0, flushedAgents: 0, snapshots: 0, resumed: 0, resyncs: 0, slowCloses: 0 };
}
