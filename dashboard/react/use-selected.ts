import { useEffect, useMemo, useRef, useSyncExternalStore } from "react";

/** Selects all of a state. */
export const whole = <T>(state: T): T => state;

/** A store outside of React. Keep the three functions the same on every render. */
export interface ExternalStore<S> {
  subscribe: (listener: () => void) => () => void;
  get: () => S;
  /** Returns the state for rendering on a server and for the browser's first render of that page. */
  getServer: () => S;
}

/**
 * Returns a part of an external store. The component renders again only when `isEqual` finds a difference. `select` may be a new
 * function on every render.
 */
export function useSelected<S, T>(
  { subscribe, get, getServer }: ExternalStore<S>,
  select: (state: S) => T,
  isEqual: (a: T, b: T) => boolean,
): T {
  const rendered = useRef<{ value: T } | null>(null);
  const [read, readServer] = useMemo(() => {
    const reader = (source: () => S) => {
      let last: { state: S; value: T } | null = null;
      return () => {
        const state = source();
        if (last !== null && Object.is(last.state, state)) return last.value;
        const selected = select(state);
        const before = last ?? rendered.current;
        const value = before !== null && isEqual(before.value, selected) ? before.value : selected;
        last = { state, value };
        return value;
      };
    };
    return [reader(get), reader(getServer)];
  }, [get, getServer, select, isEqual]);
  const value = useSyncExternalStore(subscribe, read, readServer);
  useEffect(() => {
    rendered.current = { value };
  }, [value]);
  return value;
}
