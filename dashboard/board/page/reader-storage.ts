import type { PreferenceStorage, StorageChange } from "../parts/browser-storage.ts";

/** Whose preferences a browser keeps: a person's, by the subject of the identity; null = everybody's; undefined = not known yet. */
export type Reader = string | null | undefined;

/**
 * Keeps the preferences of each person who signs in apart, because the people of several shifts share a computer. A person without
 * any begins with those that the browser had for everybody.
 * @param storage the browser's; null = it has none
 */
export function readerStorage(
  storage: PreferenceStorage | null,
  { reader, subscribe }: { reader: () => Reader; subscribe: (listener: () => void) => () => void },
): PreferenceStorage {
  const keyOf = (key: string) => (reader() === null ? key : `${key}.${reader()}`);
  /** Whether somebody has read before the reader was known, and found nothing. */
  let wasReadEarly = false;
  return {
    getItem: (key) => {
      if (reader() !== undefined) return storage?.getItem(keyOf(key)) ?? storage?.getItem(key) ?? null;
      wasReadEarly = true;
      return null;
    },
    setItem: (key, value) => {
      if (reader() !== undefined) storage?.setItem(keyOf(key), value);
    },
    subscribe: (onChange: (change: StorageChange) => void) => {
      let known = reader();
      const look = () => {
        if (reader() === known) return;
        known = reader();
        onChange("otherReader");
      };
      const ends = [subscribe(look), storage?.subscribe?.(onChange)];
      // A busy page subscribes some time after its first reading, and the reader may have become known meanwhile.
      if (wasReadEarly && known !== undefined) onChange("otherReader");
      return () => {
        for (const end of ends) end?.();
      };
    },
  };
}
