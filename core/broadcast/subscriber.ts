import type { TextDelivery } from "./deliveries.ts";
import type { SubscriberGroup } from "./subscriber-groups.ts";
import type { Viewer, ViewerPort } from "./viewer.ts";

/** A viewer as the broadcaster keeps it. */
export interface Subscriber {
  viewer: Viewer;
  port: ViewerPort;
  group: SubscriberGroup<Subscriber>;
  /** Set while the viewer is a slow consumer. */
  slow: SlowConsumer | null;
  /** The list or resume that is being written for it. Until it is sent, the viewer gets no changes. */
  awaited: AwaitedBoard | null;
  /** The position of its last whole list or resume: a flush up to there holds nothing new for it. */
  seen: number;
  /** When it last got a whole list that it asked for, epoch ms; null = never. */
  startedAnewAt: number | null;
}

/** The frames that a viewer misses because its connection is full. */
export interface SlowConsumer {
  /** Epoch ms. */
  since: number;
  /** The position from which it misses changes of the board; null = none. */
  missedFrom: number | null;
  /** The watched contacts of which it misses turns. */
  transcripts: Set<string>;
}

/** A list or resume on its way to one subscriber. */
export interface AwaitedBoard extends TextDelivery {
  /** It is the first frame of the viewer, so nothing may come before it. */
  isFirst: boolean;
  /** Watched contacts of which turns came meanwhile. */
  transcripts: Set<string>;
}
