import { useEffect, useRef, useState } from "react";
import { type Preferences, readPreferences, START_PREFERENCES } from "../model/preferences.ts";
import { browserStorage, type PreferenceStorage, type StorageChange } from "./browser-storage.ts";

const KEY = "vigia.preferences";

export interface KeptPreferences {
  preferences: Preferences;
  change: (part: Partial<Preferences>) => void;
  /** Counts the readers whose preferences these were, one after the other. */
  readers: number;
}

interface Shelf {
  preferences: Preferences;
  /** The text in the storage from which the preferences come, or into which they went. */
  kept: string | null;
  readers: number;
}

/**
 * Returns the preferences and a function that changes them. With `storage` undefined the browser keeps them, with null nobody.
 * What another tab changes comes here too, but for the teams: a tab goes on showing what its address says.
 */
export function usePreferences(storage: PreferenceStorage | null | undefined, start: Partial<Preferences>): KeptPreferences {
  const [place] = useState(() => (storage === undefined ? browserStorage() : storage));
  const [first] = useState({ ...START_PREFERENCES, ...start });
  const [shelf, setShelf] = useState<Shelf>(() => {
    const kept = place?.getItem(KEY) ?? null;
    return { preferences: readPreferences(kept, first), kept, readers: 0 };
  });
  // A change may wait for the reader, who changes something else meanwhile. So it begins with the newest.
  const newest = useRef(shelf);
  const [{ readAgain, change }] = useState(() => {
    const show = (next: Shelf) => {
      newest.current = next;
      setShelf(next);
    };
    const readAgain = (cause: StorageChange) => {
      const { preferences, kept, readers } = newest.current;
      const found = place?.getItem(KEY) ?? null;
      if (cause === "otherReader") return show({ preferences: readPreferences(found, first), kept: found, readers: readers + 1 });
      if (found === null || found === kept) return;
      show({ preferences: { ...readPreferences(found, first), teams: preferences.teams }, kept: found, readers });
    };
    const change = (part: Partial<Preferences>) => {
      readAgain("otherTab");
      const { preferences, kept, readers } = newest.current;
      // Another tab may have chosen other teams since. A change of something else must not put them back.
      const { teams } = readPreferences(kept, preferences);
      place?.setItem(KEY, JSON.stringify({ ...preferences, teams, ...part }));
      show({ preferences: { ...preferences, ...part }, kept: place?.getItem(KEY) ?? null, readers });
    };
    return { readAgain, change };
  });
  useEffect(() => place?.subscribe?.(readAgain), [place, readAgain]);
  return { preferences: shelf.preferences, change, readers: shelf.readers };
}
