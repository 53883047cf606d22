import { useState } from "react";
import { type Preferences, readPreferences, START_PREFERENCES } from "../model/preferences.ts";

/** Where preferences are kept: `localStorage`, or anything like it. */
export interface PreferenceStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

const KEY = "vigia.preferences";

/** The preferences and how to change them. A browser that keeps nothing (private mode, a sandboxed frame) forgets them at reload. */
export function usePreferences(
  storage: PreferenceStorage | null,
  start: Partial<Preferences>,
): [Preferences, (change: Partial<Preferences>) => void] {
  const [preferences, setPreferences] = useState(() => readPreferences(read(storage), { ...START_PREFERENCES, ...start }));
  const change = (part: Partial<Preferences>) => {
    const next = { ...preferences, ...part };
    setPreferences(next);
    try {
      storage?.setItem(KEY, JSON.stringify(next));
    } catch {
      // Full or forbidden: the choice holds for this visit.
    }
  };
  return [preferences, change];
}

function read(storage: PreferenceStorage | null): string | null {
  try {
    return storage?.getItem(KEY) ?? null;
  } catch {
    return null;
  }
}
