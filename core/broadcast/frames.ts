import type { CenterFacts } from "../../protocol/center.ts";
import type { Turn } from "../../protocol/messages.ts";
import type { QueueQuarter, WaitingContact } from "../../protocol/queue.ts";
import type { Board } from "../board/board.ts";
import type { GroupView } from "../board/group-view.ts";
import type { BoardText } from "./board-text.ts";
import { type Frame, frameOf, frameOfParts } from "./frame.ts";
import type { MessageSubject } from "./viewer.ts";

const END = frameOf("}");

/** What a whole list or a resume tells its viewer beside the board. */
export interface SessionFields {
  /** When the session ends, epoch ms. */
  sessionExpiresAt: number;
  /** Within which time to come back after an end that hits everybody, ms. */
  comeBackWithinMs: number;
  /** null = nothing is said of the center. */
  center: CenterFacts | null;
}

/** The frame that starts a viewer's board anew or brings it up to date: the head is the viewer's own, the rest is shared. */
export function boardFrame(board: Board, view: GroupView, text: BoardText, now: number, session: SessionFields): Frame {
  const { kind, seq, frame } = text;
  // A legacy viewer cannot resume, so it gets the epoch of the state.
  const epoch = JSON.stringify(kind.kind === "legacyList" ? board.epoch : view.epochOf(board.epoch));
  if (kind.kind === "legacyList") return withHead(`{"type":"initialAgentList","epoch":${epoch},"seq":${seq},`, frame);
  const times = `"serverTime":${now},"sessionExpiresAt":${session.sessionExpiresAt},"comeBackWithinMs":${session.comeBackWithinMs},${centerField(session.center)}`;
  const head =
    kind.kind === "list"
      ? `{"type":"initialAgentList","epoch":${epoch},"seq":${seq},`
      : `{"type":"resumed","epoch":${epoch},"from":${kind.since},"to":${seq},`;
  return withHead(head + times, frame);
}

/** The body of the polling endpoint. */
export function pollBody(
  board: Board,
  view: GroupView,
  { seq, frame }: BoardText,
  now: number,
  center: CenterFacts | null,
): string {
  const epoch = JSON.stringify(view.epochOf(board.epoch));
  return withHead(`{"epoch":${epoch},"seq":${seq},"serverTime":${now},${centerField(center)}`, frame).text;
}

function centerField(center: CenterFacts | null): string {
  return center === null ? "" : `"center":${JSON.stringify(center)},`;
}

/** `truncated`: earlier turns are no longer kept. Only a frame with the turns so far says it. */
export function transcriptFrame(contactId: string, turns: readonly Turn[], complete: boolean, truncated = false): Frame {
  return frameOf(JSON.stringify({ type: "transcript", contactId, turns, complete, ...(truncated && { truncated }) }));
}

/** `about` names the contact, queue or alert of the refused message. */
export function errorFrame(code: string, message: string, about: MessageSubject): Frame {
  return frameOf(JSON.stringify({ type: "error", code, message, ...about }));
}

/** The contacts that wait in a queue, those first that have waited longest, and its last hours. */
export function queueContactsFrame(
  queueId: string,
  contacts: readonly WaitingContact[],
  quarters: readonly QueueQuarter[],
): Frame {
  return frameOf(JSON.stringify({ type: "queueContacts", queueId, contacts, quarters }));
}

export function refreshedFrame(sessionExpiresAt: number): Frame {
  return frameOf(JSON.stringify({ type: "refreshed", sessionExpiresAt }));
}

function withHead(head: string, rest: Frame): Frame {
  return frameOfParts([frameOf(head), ...(rest.parts ?? [rest]), END]);
}
