import { type KeyboardEvent, useLayoutEffect, useRef } from "react";
import { placeAfter } from "../roving-focus.ts";

export interface MenuItem {
  readonly key: string;
  readonly label: string;
  /** Why the item cannot be chosen now; null = it can. */
  readonly obstacle: string | null;
  /** Whether this is the present choice of several; null = the item is no choice of several. */
  readonly checked: boolean | null;
  readonly onChoose: () => void;
}

/** Items that belong together. Without a label they need none. */
export interface MenuGroup {
  readonly label: string | null;
  readonly items: readonly MenuItem[];
}

interface ActionMenuProps {
  label: string;
  groups: readonly MenuGroup[];
  /** The button below which the menu opens. It gets the focus back. */
  anchor: HTMLElement;
  onClose: () => void;
}

/** Pixels between the menu and the edge of the window. */
const MARGIN = 8;

/** A menu (ARIA: role menu) below a button. Arrows, Home, End and first letters move in it; Escape, Tab or a press outside closes it. */
export function ActionMenu({ label, groups, anchor, onClose }: ActionMenuProps) {
  const root = useRef<HTMLDivElement>(null);
  const close = useRef(onClose);
  close.current = onClose;
  useLayoutEffect(() => {
    const element = root.current;
    if (element === null) return;
    element.showPopover();
    place(element, anchor);
    itemsOf(element)[0]?.focus({ preventScroll: true });
    const { top } = anchor.getBoundingClientRect();
    const onToggle = (event: ToggleEvent) => event.newState === "closed" && close.current();
    // The button may scroll away from under the menu, or its row may leave the page.
    const onScroll = () => Math.abs(anchor.getBoundingClientRect().top - top) > MARGIN && element.hidePopover();
    element.addEventListener("toggle", onToggle);
    window.addEventListener("scroll", onScroll, { capture: true, passive: true });
    window.addEventListener("resize", onScroll);
    return () => {
      element.removeEventListener("toggle", onToggle);
      window.removeEventListener("scroll", onScroll, { capture: true });
      window.removeEventListener("resize", onScroll);
    };
  }, [anchor]);
  const hide = () => {
    root.current?.hidePopover();
    anchor.focus();
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    // The panel and the row behind the menu have keys of their own.
    event.stopPropagation();
    if (event.key === "Escape" || event.key === "Tab") {
      event.preventDefault();
      return hide();
    }
    const items = itemsOf(event.currentTarget);
    const at = items.findIndex((item) => item.matches(":focus"));
    const next = placeAfter(event.key, at, items.length) ?? placeByFirstSign(event.key, at, items);
    if (next === null) return;
    event.preventDefault();
    items[next]?.focus();
  };
  return (
    <div ref={root} className="vg-action-menu" role="menu" aria-label={label} popover="auto" tabIndex={-1} onKeyDown={onKeyDown}>
      {groups.map((group) => (
        // biome-ignore lint/a11y/useSemanticElements: a menu may hold groups, and no field sets
        <div key={group.label ?? ""} role="group" aria-label={group.label ?? label}>
          {group.label !== null && (
            <p className="vg-menu-heading" aria-hidden="true">
              {group.label}
            </p>
          )}
          {group.items.map(({ key, label: words, obstacle, checked, onChoose }) => (
            <button
              key={key}
              type="button"
              tabIndex={-1}
              {...(checked === null ? { role: "menuitem" } : { role: "menuitemradio", "aria-checked": checked })}
              aria-disabled={obstacle === null ? undefined : true}
              onClick={() => {
                if (obstacle !== null) return;
                hide();
                onChoose();
              }}
            >
              <span>{words}</span>
              {obstacle !== null && <span className="vg-sub">{obstacle}</span>}
            </button>
          ))}
        </div>
      ))}
    </div>
  );
}

function itemsOf(menu: HTMLElement): HTMLElement[] {
  return [...menu.querySelectorAll<HTMLElement>("[role^=menuitem]")];
}

/** The next item that begins with a letter; null = there is none. */
function placeByFirstSign(key: string, from: number, items: readonly HTMLElement[]): number | null {
  if (key.length !== 1 || key === " ") return null;
  const places = items.map((_, index) => (from + 1 + index) % items.length);
  const begins = (place: number) => items[place]?.textContent?.trim().toLowerCase().startsWith(key.toLowerCase()) ?? false;
  return places.find(begins) ?? null;
}

/** Puts the menu below its button, or above where there is more room, and keeps it in the window. */
function place(menu: HTMLElement, anchor: HTMLElement): void {
  const button = anchor.getBoundingClientRect();
  const { width, height } = menu.getBoundingClientRect();
  const below = window.innerHeight - button.bottom - MARGIN;
  const above = button.top - MARGIN;
  const isBelow = height <= below || below >= above;
  const room = Math.max(isBelow ? below : above, 0);
  const shownHeight = Math.min(height, room);
  menu.style.maxHeight = `${room}px`;
  menu.style.top = `${isBelow ? button.bottom + 2 : button.top - shownHeight - 2}px`;
  menu.style.left = `${Math.max(MARGIN, Math.min(button.left, window.innerWidth - width - MARGIN))}px`;
}
