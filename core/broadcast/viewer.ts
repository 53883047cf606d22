import type { CloseReason } from "../../protocol/close-codes.ts";
import type { GroupFilter } from "../board/visibility.ts";

/** A socket as the broadcaster uses it. */
export interface ViewerPort {
  /** A text, or a packed frame as one binary message. */
  send(message: string | Uint8Array): void;
  close(reason: CloseReason): void;
  /** Bytes that `send` accepted and that have not left yet. 0 where the runtime does not know. */
  bufferedBytes(): number;
  /** Sends the turns so far of a watched contact once more: the viewer was too slow for some of them. */
  resendTranscript(contactId: string): void;
}

/** Who looks. */
export interface Person {
  /** The person's name; undefined = the identity has none. */
  name?: string | undefined;
  /** What the person may do beside looking; undefined = nothing. */
  roles?: readonly string[] | undefined;
}

/** One dashboard socket. */
export interface Viewer extends Person {
  id: string;
  subject: string;
  /** Speaks only the frames of the first release, without subprotocol. */
  legacy: boolean;
  /** Speaks `hub.v1.z`: compact rows, and larger frames as binary messages. */
  compact?: boolean | undefined;
  /** How many ms its flushes are apart at least; absent or 0 = it gets every flush. */
  pace?: number | undefined;
  groupFilter: GroupFilter;
  /** When the session ends, epoch ms. */
  expiresAt: number;
  watching: ReadonlySet<string>;
}

/** What a viewer's message was about, for the answer that refuses it. */
export interface MessageSubject {
  contactId?: string;
  queueId?: string;
  alertId?: string;
}

/** Totals since the object started. The metrics page reads them. */
export interface BroadcastCounters {
  frames: number;
  /** Of the frames' texts as UTF-8, and of packed frames as they are sent. */
  bytes: number;
  flushes: number;
  /** Rows in all flushes. */
  flushedAgents: number;
  snapshots: number;
  resumed: number;
  resyncs: number;
  slowCloses: number;
}

export function newCounters(): BroadcastCounters {
  return { frames: 0, bytes: 0, flushes: 0, flushedAgents: 0, snapshots: 0, resumed: 0, resyncs: 0, slowCloses: 0 };
}
