import type { FlushFrames } from "./frames.ts";
import type { SubscriberGroup } from "./subscriber-groups.ts";
import type { Viewer, ViewerPort } from "./viewer.ts";

/** A viewer's place in the broadcaster. */
export interface Subscriber {
  viewer: Viewer;
  port: ViewerPort;
  group: SubscriberGroup<Subscriber>;
  /** Set while the viewer is too slow: since when, and the position it had then. */
  lag: { since: number; seq: number } | null;
  /** The position its last whole list or resume brought it to: a flush up to there holds nothing new for it. */
  seen: number;
}

/** The frames of one flush on their way to a group: its subscribers get them one after the other. */
export interface Round {
  from: number;
  to: number;
  frames: FlushFrames;
  /** Live: who leaves is passed over; who sits down meanwhile has a first frame that holds it all. */
  subscribers: Iterator<Subscriber>;
}
