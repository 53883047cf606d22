import { type GroupFilter, isWithinFilter } from "../../core/board/visibility.ts";
import { MAX_SHARED_VIEWS, type SharedView, type SharedViewsAnswer } from "../../protocol/shared-views.ts";
import type { Actor } from "../audit-table.ts";
import { answered, type CenterAnswer } from "../center-answer.ts";
import type { SqliteStore } from "../sqlite-store.ts";
import type { StorageGuard } from "../storage-guard.ts";

/**
 * The views that admins share with everybody of the center. A view that names groups beyond those of a viewer does not exist for it:
 * names of teams are not for everybody.
 */
export class SharedViews {
  readonly #guard: StorageGuard;
  readonly #store: SqliteStore;

  constructor(guard: StorageGuard, store: SqliteStore) {
    this.#guard = guard;
    this.#store = store;
  }

  list(filter: GroupFilter): SharedViewsAnswer {
    const stored = this.#store.views.read();
    return { ...stored, views: stored.views.filter((view) => isVisible(view, filter)) };
  }

  /**
   * Replaces the views that the admin sees. Those of other groups stay.
   * @param version the edition that the admin has read; null = any
   * @throws Error when it cannot be stored
   */
  replace(views: readonly SharedView[], version: number | null, admin: Actor, filter: GroupFilter, now: number): CenterAnswer {
    const stored = this.#store.views.read();
    if (version !== null && version !== stored.version) {
      const message = "Somebody has shared other views meanwhile. Read them, and send yours again.";
      return { ok: false, status: 409, error: "changed_meanwhile", message };
    }
    if (!views.every((view) => isVisible(view, filter))) {
      const message = "A view names groups that you may not see yourself. Share only views of your groups.";
      return { ok: false, status: 403, error: "not_allowed", path: "views", message };
    }
    const others = stored.views.filter((view) => !isVisible(view, filter));
    if (others.some((other) => views.some(({ name }) => name === other.name))) {
      const message = "Another admin shares a view with this name. Choose another name.";
      return { ok: false, status: 409, error: "name_taken", path: "views", message };
    }
    const next = [...others, ...views];
    if (next.length > MAX_SHARED_VIEWS) {
      const message = `The center shares at most ${MAX_SHARED_VIEWS} views. Stop sharing one that nobody uses.`;
      return { ok: false, status: 409, error: "too_many_views", message };
    }
    const detail = changesOf(stored.views, next);
    if (detail === null) return answered(this.list(filter));
    this.#guard.transaction(now, () => {
      this.#store.views.save({ views: next, version: stored.version + 1, changedAt: now, changedBy: admin.name });
      const entry = { at: now, who: admin.subject, name: admin.name, what: "views.save", subject: "", result: "ok" };
      this.#store.audit.addEntry({ ...entry, detail: JSON.stringify(detail) });
    });
    return answered(this.list(filter));
  }
}

function isVisible({ query }: SharedView, filter: GroupFilter): boolean {
  return isWithinFilter(new URLSearchParams(query).getAll("group"), filter);
}

/** The names of views by what became of them; null = nothing has changed. */
function changesOf(
  before: readonly SharedView[],
  after: readonly SharedView[],
): Record<"shared" | "changed" | "removed", string[]> | null {
  const queries = new Map(before.map(({ name, query }) => [name, query]));
  const kept = new Set(after.map(({ name }) => name));
  const names = (views: readonly SharedView[]) => views.map(({ name }) => name);
  const shared = names(after.filter(({ name }) => !queries.has(name)));
  const changed = names(after.filter(({ name, query }) => queries.has(name) && queries.get(name) !== query));
  const removed = names(before.filter(({ name }) => !kept.has(name)));
  return shared.length + changed.length + removed.length === 0 ? null : { shared, changed, removed };
}
