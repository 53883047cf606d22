import type { CheckpointStore, CheckpointWrite, StoredCheckpoint } from "../../aws-ingest/call/call-ports.ts";

/** A store of checkpoints in memory, with a fence and a clock. */
export class MemoryCheckpoints implements CheckpointStore {
  readonly #objects = new Map<string, { body: string; tag: string; at: number }>();
  #writes = 0;
  /** Answers to give instead of writing, in turn. */
  readonly orders: CheckpointWrite[] = [];
  /** Epoch ms. */
  now = 0;

  /** How many writes were stored. */
  get writes(): number {
    return this.#writes;
  }

  /** The body of the contact's checkpoint. */
  body(contactId: string): string {
    return this.#objects.get(contactId)?.body ?? "";
  }

  async readCheckpoint(contactId: string): Promise<StoredCheckpoint | null> {
    const object = this.#objects.get(contactId);
    return object === undefined ? null : { body: object.body, tag: object.tag, ageMs: this.now - object.at };
  }

  async writeCheckpoint(contactId: string, body: string, previous: string | null): Promise<CheckpointWrite> {
    const order = this.orders.shift();
    if (order !== undefined && order.kind !== "written") return order;
    const stored = this.#objects.get(contactId)?.tag ?? null;
    if (stored !== previous) return { kind: stored === null ? "gone" : "overtaken" };
    this.#writes += 1;
    const tag = `"${this.#writes}"`;
    this.#objects.set(contactId, { body, tag, at: this.now });
    // The write is stored, and its answer says otherwise.
    return order === undefined ? { kind: "written", tag } : { kind: "overtaken" };
  }

  deleteCheckpoint(contactId: string): void {
    this.#objects.delete(contactId);
  }
}
