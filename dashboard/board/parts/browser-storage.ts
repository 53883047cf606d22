/** Where preferences are kept: `localStorage`, or anything like it. */
export interface PreferenceStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

/**
 * The browser's own storage; null on a server and where the browser forbids even to ask (a sandboxed frame). What cannot be
 * kept (full, private mode) is forgotten at reload instead of stopping the page.
 */
export function browserStorage(): PreferenceStorage | null {
  if (typeof window === "undefined") return null;
  try {
    const storage = window.localStorage;
    return { getItem: (key) => storage.getItem(key), setItem: (key, value) => keep(storage, key, value) };
  } catch {
    return null;
  }
}

function keep(storage: Storage, key: string, value: string): void {
  try {
    storage.setItem(key, value);
  } catch {
    // Forgotten at reload.
  }
}
