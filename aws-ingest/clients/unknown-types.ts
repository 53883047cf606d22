import type { Update } from "../../protocol/updates.ts";

/** A hub is updated now and then, so the type is tried again after this time. */
const LEFT_OUT_MS = 10 * 60_000;
/** Types that the first release of the hub refuses, and that lose nothing when they are left out: the next one replaces them. */
const LATER_TYPES: ReadonlySet<string> = new Set<Update["type"]>(["contact.transcription"]);

/**
 * Remembers which of the later types each hub refused. A hub refuses a whole post for one unknown type, so without this memory an
 * older hub would cost every post a second one. It lives as long as the container.
 */
export class UnknownTypes {
  readonly #until = new Map<string, number>();

  /** Notes that the hub refused `update` at `path`, for example `updates[3].type`. Another reason is not remembered. */
  noteRefusal(hubUrl: string, update: Update, path: string): void {
    if (!LATER_TYPES.has(update.type) || !/^updates\[\d+\]\.type$/.test(path)) return;
    this.#until.set(`${hubUrl} ${update.type}`, Date.now() + LEFT_OUT_MS);
  }

  /** Returns the updates that the hub is not known to refuse. */
  withoutUnknown(hubUrl: string, updates: readonly Update[]): readonly Update[] {
    if (this.#until.size === 0) return updates;
    return updates.filter(({ type }) => Date.now() >= (this.#until.get(`${hubUrl} ${type}`) ?? 0));
  }
}
