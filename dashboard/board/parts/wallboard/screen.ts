import { useEffect, useState } from "react";
import { useTick } from "../board-context.ts";

/** Milliseconds between two shifts of the picture. */
const SHIFT_MS = 3 * 60_000;
/**
 * Where the picture goes, in units of the wallboard. A panel burns in along edges that stand still for hours, so the edges move by
 * more than the width of a line.
 */
const SHIFTS = [
  [0, 0],
  [6, 0],
  [6, 6],
  [0, 6],
  [-6, 6],
  [-6, 0],
  [-6, -6],
  [0, -6],
  [6, -6],
] as const;

/** Returns how far the picture stands from its place, in units. It moves at once and not smoothly, so it is no animation. */
export function usePictureShift(): readonly [x: number, y: number] {
  const place = useTick((now) => Math.floor(now / SHIFT_MS) % SHIFTS.length);
  return SHIFTS[place] ?? SHIFTS[0];
}

/** Keeps the screen on while the wallboard is in sight, where the browser can. It may refuse, for example on a weak battery. */
export function useScreenStaysOn(): void {
  useEffect(() => {
    if (!("wakeLock" in navigator)) return;
    let lock: WakeLockSentinel | null = null;
    let ended = false;
    const request = async () => {
      if (document.visibilityState !== "visible" || (lock !== null && !lock.released)) return;
      try {
        const granted = await navigator.wakeLock.request("screen");
        if (ended) await granted.release();
        else lock = granted;
      } catch {
        // The screen's own settings decide then.
      }
    };
    void request();
    // The browser ends the lock of a page that is out of sight.
    const onVisible = () => void request();
    document.addEventListener("visibilitychange", onVisible);
    return () => {
      ended = true;
      document.removeEventListener("visibilitychange", onVisible);
      void lock?.release();
    };
  }, []);
}

/** Milliseconds after the last movement of the pointer until the controls hide. */
const QUIET_MS = 4000;

/** Returns whether somebody is at the wallboard: the pointer has just moved, or a finger has touched it. */
export function useSomebodyThere(): boolean {
  const [isThere, setThere] = useState(false);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const onMove = () => {
      setThere(true);
      clearTimeout(timer);
      timer = setTimeout(() => setThere(false), QUIET_MS);
    };
    window.addEventListener("pointermove", onMove);
    window.addEventListener("pointerdown", onMove);
    return () => {
      clearTimeout(timer);
      window.removeEventListener("pointermove", onMove);
      window.removeEventListener("pointerdown", onMove);
    };
  }, []);
  return isThere;
}
