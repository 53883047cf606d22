import { useCallback, useSyncExternalStore } from "react";

const noSubscription = () => {};
const nothingOnServer = () => null;

/** @returns what `view` gives for `id` while `watch` listens, null without an `id`. Both must not depend on the rendering. */
export function useWatched<View>(
  id: string | null | undefined | false,
  watch: (id: string, listener: () => void) => () => void,
  view: (id: string) => View,
): View | null {
  const subscribe = useCallback((listener: () => void) => (id ? watch(id, listener) : noSubscription), [watch, id]);
  return useSyncExternalStore(subscribe, () => (id ? view(id) : null), nothingOnServer);
}
