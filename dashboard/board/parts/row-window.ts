import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { type RowRange, rowKey, rowsBetween } from "../model/row-window.ts";
import type { ListRow } from "../model/rows.ts";

/** Up to this number all rows come into the page, so that the browser's search finds every agent. */
const WHOLE_UP_TO = 200;
/** Rows in the page before and after those in sight, so that a wheel or a key shows no empty place. */
const AROUND = 8;
/** The range moves by so many rows at a time, so that scrolling by one row renders nothing. */
const STEP = 8;
/** Rows for the first rendering, before anything has been measured. */
const AT_FIRST: RowRange = { first: 0, last: 23 };
/** Rows that come into the page in one go while nobody waits: about 20 ms of work. */
const AT_A_TIME = 12;
/** Where the browser does not tell when it has nothing to do (Safari), further rows wait for so long (ms). */
const WAIT_MS = 60;

interface RowWindow {
  range: RowRange;
  /** Keys of further rows that are in the page although they are out of sight. */
  kept: ReadonlySet<string>;
}

interface RowWindowInput {
  /** The box of the rows. */
  body: RefObject<HTMLElement | null>;
  rows: readonly ListRow[];
  tops: readonly number[];
}

/**
 * Returns which rows the page needs: those in sight and some around them. Of a short list, the others follow in spare time, a few
 * at a time, so that no key stroke has to wait for them.
 */
export function useRowWindow({ body, rows, tops }: RowWindowInput): RowWindow {
  return { range: useSeenRows({ body, tops, rowsOf: rowsForPage, atFirst: AT_FIRST }), kept: useKeptRows(rows) };
}

function rowsForPage(...[tops, from, to]: Parameters<typeof rowsBetween>): RowRange {
  const { first, last } = rowsBetween(tops, from, to);
  return { first: stepDown(first - AROUND), last: stepDown(last + AROUND) + STEP };
}

interface SeenRowsInput extends Pick<RowWindowInput, "body" | "tops"> {
  /** Must not depend on the rendering. */
  rowsOf: (tops: readonly number[], from: number, to: number) => RowRange;
  /** The answer before anything has been measured. */
  atFirst: RowRange;
}

/**
 * Returns the rows in sight. What can be seen is measured when the list is shown, scrolled or resized, but not when other rows
 * come: to measure in the middle of a change makes the browser lay the page out twice.
 */
export function useSeenRows({ body, tops, rowsOf, atFirst }: SeenRowsInput): RowRange {
  const [range, setRange] = useState(atFirst);
  const sight = useRef<ReturnType<typeof sightOf> | null>(null);
  const latestTops = useRef(tops);
  const update = useCallback(() => {
    if (sight.current === null) return;
    const next = rowsOf(latestTops.current, sight.current.from, sight.current.to);
    setRange((before) => (before.first === next.first && before.last === next.last ? before : next));
  }, [rowsOf]);
  useLayoutEffect(() => {
    latestTops.current = tops;
    update();
  }, [tops, update]);
  useLayoutEffect(() => {
    const element = body.current;
    if (element === null) return;
    const look = () => {
      sight.current = sightOf(element);
      update();
    };
    look();
    return onSightChange(element, look);
  }, [body, update]);
  return range;
}

const NONE: ReadonlySet<string> = new Set();

function useKeptRows(rows: readonly ListRow[]): ReadonlySet<string> {
  const [kept, setKept] = useState(NONE);
  const isShort = rows.length <= WHOLE_UP_TO;
  const missing = isShort ? rows.filter((row) => !kept.has(rowKey(row))).length : 0;
  const current = useRef(rows);
  useEffect(() => {
    current.current = rows;
  }, [rows]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a step that leaves as many rows missing as before must not be the last
  useEffect(() => {
    if (!isShort) return setKept(NONE);
    if (missing === 0) return;
    return inSpareTime(() =>
      setKept((before) => {
        const keys = current.current.map(rowKey);
        // Keys of rows that are gone leave here, so that a long day does not fill the memory.
        const still = keys.filter((key) => before.has(key));
        return new Set([...still, ...keys.filter((key) => !before.has(key)).slice(0, AT_A_TIME)]);
      }),
    );
  }, [isShort, missing, kept]);
  return isShort ? kept : NONE;
}

/**
 * What of the rows can be seen, in pixels from the top of their box: what every box around them that scrolls lets through, below
 * the headings.
 */
export function sightOf(element: HTMLElement): { from: number; to: number } {
  const { top } = element.getBoundingClientRect();
  const head = element.parentElement?.querySelector("thead")?.getBoundingClientRect();
  let [from, to] = [head?.bottom ?? 0, window.innerHeight];
  for (const box of boxesAround(element)) {
    const edge = box.getBoundingClientRect();
    from = Math.max(from, edge.top);
    to = Math.min(to, edge.bottom);
  }
  return { from: Math.max(0, from - top), to: to - top };
}

/** Calls `listener` after whatever may change what can be seen of the element. Returns the function that ends it. */
export function onSightChange(element: HTMLElement, listener: () => void): () => void {
  const observer = new ResizeObserver(listener);
  for (const box of boxesAround(element)) observer.observe(box);
  // Its height follows the rows, and where the board scrolls as a whole, its place follows what is above it.
  observer.observe(element.closest("table") ?? element);
  const main = element.closest(".vg-main");
  if (main !== null) observer.observe(main);
  const root = element.ownerDocument;
  // The scrolling of an element does not bubble, and the list or the whole board scrolls.
  root.addEventListener("scroll", listener, { capture: true, passive: true });
  return () => {
    observer.disconnect();
    root.removeEventListener("scroll", listener, { capture: true });
  };
}

/** Scrolls to the row that begins at `top`: the list, or the whole board where the list has no height of its own. */
export function showRow(body: HTMLElement, top: number): void {
  const [list, board] = boxesAround(body);
  const scroller = list !== undefined && list.scrollHeight > list.clientHeight ? list : board;
  scroller?.scrollBy({ top: top - sightOf(body).from });
}

function boxesAround(element: HTMLElement): HTMLElement[] {
  const scroller = element.closest<HTMLElement>(".vg-scroller");
  const board = element.closest<HTMLElement>(".vigia");
  return [scroller, board].filter((box) => box !== null);
}

function stepDown(place: number): number {
  return Math.floor(place / STEP) * STEP;
}

function inSpareTime(work: () => void): () => void {
  if (typeof requestIdleCallback === "undefined") {
    const timer = setTimeout(work, WAIT_MS);
    return () => clearTimeout(timer);
  }
  const idle = requestIdleCallback(work);
  return () => cancelIdleCallback(idle);
}
