import { type RefObject, useLayoutEffect, useState } from "react";
import type { PixelSize } from "../../model/wallboard.ts";

/** Returns the size of an element within its padding, before the page is painted; null until it is known. */
export function useElementSize(element: RefObject<HTMLElement | null>): PixelSize | null {
  const [size, setSize] = useState<PixelSize | null>(null);
  useLayoutEffect(() => {
    const { current } = element;
    if (current === null) return;
    const measure = () => {
      const next = { width: current.clientWidth, height: current.clientHeight };
      setSize((before) => (before?.width === next.width && before.height === next.height ? before : next));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(current);
    return () => observer.disconnect();
  }, [element]);
  return size;
}
