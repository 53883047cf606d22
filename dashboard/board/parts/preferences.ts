import { useState } from "react";
import { type Preferences, readPreferences, START_PREFERENCES } from "../model/preferences.ts";
import { browserStorage, type PreferenceStorage } from "./browser-storage.ts";

const KEY = "vigia.preferences";

/** The preferences and how to change them. `storage` undefined means the browser's, null none. */
export function usePreferences(
  storage: PreferenceStorage | null | undefined,
  start: Partial<Preferences>,
): [Preferences, (change: Partial<Preferences>) => void] {
  const [shelf] = useState(() => (storage === undefined ? browserStorage() : storage));
  const [preferences, setPreferences] = useState(() =>
    readPreferences(shelf?.getItem(KEY) ?? null, { ...START_PREFERENCES, ...start }),
  );
  const change = (part: Partial<Preferences>) => {
    const next = { ...preferences, ...part };
    setPreferences(next);
    shelf?.setItem(KEY, JSON.stringify(next));
  };
  return [preferences, change];
}
