import { type RefObject, useEffect, useRef } from "react";
import { boardKeyOf, isSingleKey } from "../../model/board-keys.ts";
import { useText } from "../board-context.ts";

interface BoardKeysProps {
  /** The element of the board. */
  root: RefObject<HTMLElement | null>;
  /** Whether the reader wants keys that work alone. */
  singleKeys: boolean;
  onAlerts: () => void;
  onSheet: () => void;
  /** Null = the board is live. */
  onLive: (() => void) | null;
  /** Null = no panel is open. */
  onClosePanel: (() => void) | null;
}

/** The link that skips what stands before the agents, and the keys that work everywhere on the board. */
export function BoardKeys(props: BoardKeysProps) {
  const text = useText();
  const latest = useRef(props);
  useEffect(() => {
    latest.current = props;
  });
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const { root } = latest.current;
      if (root.current !== null && isForBoard(event, root.current)) handle(event, root.current, latest.current);
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, []);
  return (
    // biome-ignore lint/a11y/useValidAnchor: a skip link goes to a place in the page; the address must stay as it is
    <a
      className="vg-skip"
      href="#vg-agents"
      onClick={(event) => {
        // The hash of the address belongs to the page around the board.
        event.preventDefault();
        if (props.root.current !== null) focusAgents(props.root.current);
      }}
    >
      {text.text("app.skip")}
    </a>
  );
}

function handle(event: KeyboardEvent, root: HTMLElement, props: BoardKeysProps): void {
  const search = root.querySelector<HTMLInputElement>(".vg-search input");
  if (event.target === search && event.key === "ArrowDown") {
    event.preventDefault();
    focusAgents(root);
    return;
  }
  const id = boardKeyOf(event.key);
  if (id === null || isTyping(event)) return;
  if (isSingleKey(id) && !props.singleKeys) return;
  if (id === "close") props.onClosePanel?.();
  if (!isSingleKey(id) || (id === "live" && props.onLive === null)) return;
  event.preventDefault();
  if (id === "sheet") props.onSheet();
  if (id === "alerts") props.onAlerts();
  if (id === "live") props.onLive?.();
  if (id === "search") search?.select();
  if (id === "search") search?.focus();
}

/** Leaves out keys for another part of the page, for a dialog over the board, and for the browser. */
function isForBoard(event: KeyboardEvent, root: HTMLElement): boolean {
  if (event.defaultPrevented || event.isComposing || event.metaKey) return false;
  // On many keyboards a sign needs AltGr, which Windows reports as Ctrl and Alt.
  if ((event.ctrlKey || event.altKey) && !event.getModifierState("AltGraph")) return false;
  if (document.querySelector("dialog:modal") !== null) return false;
  const { target } = event;
  return target === document.body || (target instanceof Node && root.contains(target));
}

const BUTTON_TYPES = ["checkbox", "radio", "button", "submit", "range"];

/** Whether the key goes into a field, or chooses in a list by its first letter. */
function isTyping({ target }: KeyboardEvent): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !BUTTON_TYPES.includes(target.type);
  return target.isContentEditable || target.closest("textarea, select, [role=menu]") !== null;
}

/** Puts the focus on the row that the Tab key would reach, or on the list when it has none. */
function focusAgents(root: HTMLElement): void {
  const list = root.querySelector<HTMLElement>(".vg-list");
  const target =
    list?.querySelector<HTMLElement>(".vg-name[tabindex='0'], .vg-name") ?? list?.querySelector<HTMLElement>("[tabindex]");
  target?.focus();
}
