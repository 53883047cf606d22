import type { CenterAlert } from "../../protocol/alert.ts";

/** Resolved alerts are kept for a week: long enough for the review of the last days. */
const KEEP_MS = 7 * 24 * 60 * 60_000;
/** More would weigh on every restart and every relay. The oldest go first. */
const MAX_KEPT = 2_000;

/** The resolved alerts that are still kept, the oldest first. */
export class AlertHistory {
  /** Alert -> when it resolved, epoch ms. */
  readonly #resolved: Map<string, number>;

  constructor(alerts: Iterable<CenterAlert>) {
    const resolved = [...alerts].flatMap(({ alertId, resolvedAt }) =>
      resolvedAt === null ? [] : [[alertId, resolvedAt] as const],
    );
    this.#resolved = new Map(resolved.sort(([, a], [, b]) => a - b));
  }

  /** Call for each alert that changed. One that fires again leaves the history. */
  noteAlert({ alertId, resolvedAt }: CenterAlert): void {
    this.#resolved.delete(alertId);
    if (resolvedAt !== null) this.#resolved.set(alertId, resolvedAt);
  }

  /** Takes the alerts out of the history that are too old or too many, and returns them. */
  dropOld(now: number): string[] {
    const dropped: string[] = [];
    for (const [alertId, resolvedAt] of this.#resolved) {
      if (this.#resolved.size <= MAX_KEPT && resolvedAt + KEEP_MS > now) break;
      this.#resolved.delete(alertId);
      dropped.push(alertId);
    }
    return dropped;
  }

  /** When {@link dropOld} has something to do, epoch ms; null = never. */
  nextDrop(): number | null {
    const [oldest] = this.#resolved.values();
    return oldest === undefined ? null : oldest + KEEP_MS;
  }
}
