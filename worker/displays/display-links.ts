import { type GroupFilter, isWithinFilter } from "../../core/board/visibility.ts";
import { displaySubject } from "../auth/display-secret.ts";
import { answered, type CenterAnswer } from "../center-answer.ts";
import type { SqliteStore } from "../sqlite-store.ts";
import type { StorageGuard } from "../storage-guard.ts";
import type { DisplayLink } from "./display-table.ts";

/** A link lasts a year: a screen on a wall has nobody who signs it in again, and a lost link must end by itself. */
const LINK_LASTS_MS = 365 * 24 * 60 * 60_000;
/** A mistake in a script must not fill the storage. The largest centers have some dozens of screens. */
const MAX_LINKS = 200;

/** An admin who asks, and what it may see itself. */
export interface LinkAdmin {
  subject: string;
  name: string;
  filter: GroupFilter;
}

/** What a link is to be. */
export interface NewLink {
  name: string;
  filter: GroupFilter;
  secretHash: string;
}

/**
 * Makes, lists, opens and removes the display links of one contact center. An admin with group limits knows only of the links
 * within them.
 */
export class DisplayLinks {
  readonly #guard: StorageGuard;
  readonly #store: SqliteStore;

  constructor(guard: StorageGuard, store: SqliteStore) {
    this.#guard = guard;
    this.#store = store;
  }

  /** Returns what an admin may know of the links, by name. It has no secret and no hash of one. */
  list(limit: GroupFilter, now: number): ListedLink[] {
    const links = this.#store.displays.links(now).filter(({ groupFilter }) => isWithinFilter(groupFilter, limit));
    return links.map(({ name, groupFilter, madeAt, madeBy, usedAt, expiresAt }) => {
      return { name, groups: groupFilter === null ? ["*"] : [...groupFilter], madeAt, madeBy, usedAt, expiresAt };
    });
  }

  /** Makes a link. It replaces the one of the same name, whose wallboard is signed out. @throws Error when it cannot be stored. */
  makeLink({ name, filter, secretHash }: NewLink, admin: LinkAdmin, now: number): CenterAnswer {
    if (!isWithinFilter(filter, admin.filter)) {
      const message = "The link would show groups that you may not see yourself. List only groups of yours.";
      return { ok: false, status: 403, error: "not_allowed", path: "groups", message };
    }
    const old = this.#store.displays.linkByName(name, now);
    if (old !== null && !isWithinFilter(old.groupFilter, admin.filter)) {
      const message = "Another admin has a display with this name. Choose another name.";
      return { ok: false, status: 409, error: "name_taken", path: "name", message };
    }
    if (old === null && this.#store.displays.links(now).length >= MAX_LINKS) {
      const message = `There are ${MAX_LINKS} displays. Remove one that nobody uses.`;
      return { ok: false, status: 409, error: "too_many_displays", message };
    }
    const expiresAt = now + LINK_LASTS_MS;
    const made = { name, id: crypto.randomUUID(), groupFilter: filter, madeAt: now, madeBy: admin.name, expiresAt, usedAt: null };
    this.#change(admin, "display.make", made, { groups: filter ?? ["*"], replaced: old !== null }, now, () =>
      this.#store.displays.saveLink(made, secretHash),
    );
    return { ...answered({ expiresAt }), revoked: old === null ? null : displaySubject(old.id) };
  }

  /** Removes a link, whose wallboard is signed out. @throws Error when it cannot be stored. */
  removeLink(name: string, admin: LinkAdmin, now: number): CenterAnswer {
    const old = this.#store.displays.linkByName(name, now);
    if (old === null || !isWithinFilter(old.groupFilter, admin.filter)) {
      const message = "There is no display with this name. GET …/displays lists them.";
      return { ok: false, status: 404, error: "unknown_display", message };
    }
    this.#change(admin, "display.remove", old, { groups: old.groupFilter ?? ["*"] }, now, () =>
      this.#store.displays.deleteLink(name),
    );
    return { ...answered({ name }), revoked: displaySubject(old.id) };
  }

  /** Returns what the link with this secret shows. Wrong, removed and expired ones are refused alike. */
  openLink(secretHash: string, now: number): CenterAnswer {
    const link = this.#store.displays.linkBySecret(secretHash, now);
    if (link === null) return { ok: false, status: 401, error: "unauthorized" };
    try {
      this.#store.displays.noteUse(link, now);
    } catch {
      // The storage is full. The wallboard is served all the same.
    }
    const { id, name, groupFilter, expiresAt } = link;
    return answered({ subject: displaySubject(id), name, groupFilter, expiresAt });
  }

  #change(admin: LinkAdmin, what: string, { name }: DisplayLink, detail: object, now: number, change: () => void): void {
    this.#guard.transaction(now, () => {
      change();
      const who = { at: now, who: admin.subject, name: admin.name };
      this.#store.audit.addEntry({ ...who, what, subject: name, result: "ok", detail: JSON.stringify(detail) });
    });
  }
}

/** A link as an admin sees it. Times are epoch ms; `groups` is `["*"]` for every group. */
interface ListedLink {
  name: string;
  groups: string[];
  madeAt: number;
  madeBy: string;
  usedAt: number | null;
  expiresAt: number;
}
