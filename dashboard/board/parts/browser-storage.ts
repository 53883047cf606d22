/** Why the storage has other values than those that were read. */
export type StorageChange = "otherTab" | "otherReader";

/** Keeps the preferences: `localStorage`, or a store with the same two methods. */
export interface PreferenceStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  /** Calls `onChange` when the values are others. Returns what ends it. A store that only this board writes needs none. */
  subscribe?(onChange: (change: StorageChange) => void): () => void;
}

/**
 * Returns the browser's storage. Returns null on a server, and where reading `localStorage` throws (a sandboxed frame).
 * A value that cannot be stored (full, private mode) is lost at reload. The page goes on.
 */
export function browserStorage(): PreferenceStorage | null {
  if (typeof window === "undefined") return null;
  try {
    const storage = window.localStorage;
    return {
      getItem: (key) => storage.getItem(key),
      setItem: (key, value) => keep(storage, key, value),
      subscribe: (onChange) => {
        const onStorage = () => onChange("otherTab");
        window.addEventListener("storage", onStorage);
        return () => window.removeEventListener("storage", onStorage);
      },
    };
  } catch {
    return null;
  }
}

function keep(storage: Storage, key: string, value: string): void {
  try {
    storage.setItem(key, value);
  } catch {
    // The value is lost at reload.
  }
}
