import { useRef, useState } from "react";
import { type Preferences, readPreferences, START_PREFERENCES } from "../model/preferences.ts";
import { browserStorage, type PreferenceStorage } from "./browser-storage.ts";

const KEY = "vigia.preferences";

/**
 * Returns the preferences and a function that changes them. With `storage` undefined the browser keeps them, with null nobody.
 */
export function usePreferences(
  storage: PreferenceStorage | null | undefined,
  start: Partial<Preferences>,
): [Preferences, (change: Partial<Preferences>) => void] {
  const [shelf] = useState(() => (storage === undefined ? browserStorage() : storage));
  const [preferences, setPreferences] = useState(() =>
    readPreferences(shelf?.getItem(KEY) ?? null, { ...START_PREFERENCES, ...start }),
  );
  // A change may wait for the reader, who changes something else meanwhile. So it begins with the newest.
  const newest = useRef(preferences);
  const change = (part: Partial<Preferences>) => {
    const next = { ...newest.current, ...part };
    newest.current = next;
    setPreferences(next);
    shelf?.setItem(KEY, JSON.stringify(next));
  };
  return [preferences, change];
}
