import { useCallback, useLayoutEffect, useRef } from "react";

/**
 * Returns one function for all renderings, which calls the newest `latest`. Handlers that rows get must not change: each row
 * would render again whenever the board does.
 */
export function useSameFunction<Input>(latest: (input: Input) => void): (input: Input) => void {
  const current = useRef(latest);
  useLayoutEffect(() => {
    current.current = latest;
  });
  return useCallback((input: Input) => current.current(input), []);
}
