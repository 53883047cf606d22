import { describe, expect, it } from "vitest";
import { type Reader, readerStorage } from "../../../dashboard/board/page/reader-storage.ts";
import type { StorageChange } from "../../../dashboard/board/parts/browser-storage.ts";

/** A browser's storage, and a page that learns who its reader is. */
function aPage(stored: Record<string, string> = {}) {
  const texts = new Map(Object.entries(stored));
  const listeners = new Set<() => void>();
  let reader: Reader;
  const storage = readerStorage(
    { getItem: (key) => texts.get(key) ?? null, setItem: (key, value) => void texts.set(key, value) },
    {
      reader: () => reader,
      subscribe: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
  );
  const signIn = (next: Reader) => {
    reader = next;
    for (const listener of listeners) listener();
  };
  const changes: StorageChange[] = [];
  const subscribe = () => storage.subscribe?.((change) => changes.push(change));
  return { texts, storage, signIn, changes, subscribe, listeners };
}

describe("SGN-15 The settings of the people who share a browser", () => {
  it("are each person's own, and begin with those that the browser had for everybody.", () => {
    const { texts, storage, signIn } = aPage({ settings: "everybody's" });
    signIn("ana");
    expect(storage.getItem("settings")).toBe("everybody's");
    storage.setItem("settings", "Ana's");
    signIn("luis");
    expect(storage.getItem("settings")).toBe("everybody's");
    signIn("ana");
    expect(storage.getItem("settings")).toBe("Ana's");
    expect(texts.get("settings")).toBe("everybody's");
  });

  it("are neither read nor written before the person is known.", () => {
    const { texts, storage } = aPage({ settings: "everybody's" });
    expect(storage.getItem("settings")).toBeNull();
    storage.setItem("settings", "nobody's");
    expect([...texts]).toEqual([["settings", "everybody's"]]);
  });

  it("are read again when the person becomes known, also before the page listens for that.", () => {
    const late = aPage();
    late.storage.getItem("settings");
    late.signIn("ana");
    late.subscribe();
    expect(late.changes).toEqual(["otherReader"]);
    const inTime = aPage();
    inTime.storage.getItem("settings");
    inTime.subscribe();
    inTime.signIn("ana");
    inTime.signIn("ana");
    expect(inTime.changes).toEqual(["otherReader"]);
  });

  it("are not read again when the person was known from the start, or after the page has stopped listening.", () => {
    const { storage, signIn, changes, subscribe, listeners } = aPage();
    signIn(null);
    storage.getItem("settings");
    const end = subscribe();
    expect(changes).toEqual([]);
    end?.();
    expect(listeners.size).toBe(0);
  });
});
