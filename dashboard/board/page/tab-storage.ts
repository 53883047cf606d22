/** Keeps texts of one tab: `sessionStorage`, or what has its methods. */
export interface TabStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/**
 * Returns the storage of this tab. Where the browser gives none (blocked cookies, a sandboxed frame) or stores nothing more (full),
 * the texts last as long as the page, so that the board works all the same.
 */
export function tabStorage(): TabStorage {
  const own = new Map<string, string>();
  const stored = sessionStorageOf(window);
  return {
    getItem: (key) => own.get(key) ?? stored?.getItem(key) ?? null,
    setItem: (key, value) => {
      own.delete(key);
      try {
        if (stored === null) own.set(key, value);
        else stored.setItem(key, value);
      } catch {
        own.set(key, value);
      }
    },
    removeItem: (key) => {
      own.delete(key);
      stored?.removeItem(key);
    },
  };
}

/** Only to read the property throws where the reader has blocked it (HTML Standard, Storage for the Window). */
function sessionStorageOf(page: Window): TabStorage | null {
  try {
    return page.sessionStorage;
  } catch {
    return null;
  }
}
