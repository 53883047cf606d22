import type { Broadcaster } from "../core/broadcast/broadcaster.ts";
import type { Turn } from "../protocol/messages.ts";
import type { RelayFleet } from "./relay-fleet.ts";
import type { TurnsOfContact } from "./rpc-arguments.ts";

/** New turns on their way from a stored batch to the viewers that watch. They are sent once their batch is answered. */
export class NewTurns {
  #ofBatch: TurnsOfContact[] = [];
  #stored: TurnsOfContact[] = [];

  /** Forgets the turns of a batch that was not stored. */
  beginBatch(): void {
    this.#ofBatch = [];
  }

  addTurns(contactId: string, turns: readonly Turn[], complete: boolean, groups: readonly string[]): void {
    this.#ofBatch.push({ contactId, turns: [...turns], complete, groups: [...groups] });
  }

  /** Call when the batch is stored. Returns whether turns wait to be sent. */
  batchStored(): boolean {
    this.#stored.push(...this.#ofBatch);
    this.#ofBatch = [];
    return this.#stored.length > 0;
  }

  /** Sends all stored turns. Returns the calls to the relays. */
  sendAll(broadcaster: Broadcaster, fleet: RelayFleet, now: number): Promise<void>[] {
    const stored = this.#stored;
    this.#stored = [];
    for (const { contactId, turns, complete, groups } of stored) broadcaster.sendTurns(contactId, turns, complete, groups, now);
    return fleet.registry.size === 0 ? [] : stored.map((turns) => fleet.sendTurns(turns));
  }
}
