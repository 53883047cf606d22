import type { QueueSettings } from "../queues/center-queues.ts";
import type { QueueStore, StoredQueues } from "../queues/ports.ts";
import type { ExpiryTimes } from "../state/expiry.ts";
import type { StateEvents, StateStore, StoredState } from "../state/ports.ts";

/** Where a center outlives the hub's memory. */
export interface CenterStores {
  readonly state: StateStore;
  readonly queues: QueueStore;
}

export type CenterEvents = StateEvents;

export interface CenterSettings extends QueueSettings {
  readonly times: ExpiryTimes;
}

/** All that storage has of one contact center. */
export interface SavedCenter {
  state: StoredState;
  queues: StoredQueues;
}
