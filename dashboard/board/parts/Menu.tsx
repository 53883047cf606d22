import { type ReactNode, useEffect, useId, useRef, useState } from "react";
import { Icon, type IconName } from "./Icon.tsx";

interface MenuProps {
  label: string;
  /** The chosen item, which is shown after the label. */
  value?: string;
  icon?: IconName;
  /** True if something is chosen. The button shows it. */
  active?: boolean;
  align?: "start" | "end";
  /** Shows the icon alone. The label is for assistive technology. */
  bare?: boolean;
  /** The controls, or a function that gets what closes the panel. */
  children: ReactNode | ((close: () => void) => ReactNode);
}

/**
 * A button that opens a small panel of controls (a disclosure, not an ARIA menu). Escape, Tab or a press outside closes the
 * panel.
 */
export function Menu({ label, value, icon, active = false, align = "start", bare = false, children }: MenuProps) {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const panel = useId();

  /** The focus goes back to the button, so that whatever opens next knows where it came from. */
  const close = () => {
    setOpen(false);
    button.current?.focus();
  };

  useEffect(() => {
    if (!open) return;
    // On a phone the button may stand so low that most of its panel would be below the screen.
    root.current?.querySelector(".vg-panel")?.scrollIntoView({ block: "nearest" });
    const outside = (event: PointerEvent) => {
      if (event.target instanceof Node && !root.current?.contains(event.target)) setOpen(false);
    };
    document.addEventListener("pointerdown", outside);
    return () => document.removeEventListener("pointerdown", outside);
  }, [open]);

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: listens for what its own controls do; it is no control itself
    <div
      ref={root}
      className="vg-menu"
      onKeyDown={(event) => {
        if (event.key !== "Escape" || !open) return;
        event.stopPropagation();
        close();
      }}
      onBlur={(event) => {
        const next = event.relatedTarget;
        if (next instanceof Node && !event.currentTarget.contains(next)) setOpen(false);
      }}
    >
      <button
        ref={button}
        type="button"
        className="vg-button"
        data-active={active || undefined}
        {...(bare ? { "aria-label": label, title: label } : {})}
        aria-expanded={open}
        aria-controls={open ? panel : undefined}
        onClick={() => setOpen(!open)}
      >
        {icon !== undefined && <Icon name={icon} />}
        {!bare && (
          <>
            <span>
              {label}
              {value !== undefined && <span className="vg-button-value">: {value}</span>}
            </span>
            <Icon name="down" />
          </>
        )}
      </button>
      {open && (
        <div id={panel} className="vg-panel" data-align={align}>
          {typeof children === "function" ? children(close) : children}
        </div>
      )}
    </div>
  );
}

interface ChoicesProps<Item extends string> {
  legend: string;
  kind: "checkbox" | "radio";
  items: readonly Item[];
  chosen: readonly Item[];
  label: (item: Item) => ReactNode;
  onToggle: (item: Item) => void;
}

/** A group of check boxes or radio buttons. */
export function Choices<Item extends string>({ legend, kind, items, chosen, label, onToggle }: ChoicesProps<Item>) {
  const name = useId();
  return (
    <fieldset className="vg-choices">
      <legend>{legend}</legend>
      {items.map((item) => (
        <label key={item}>
          <input type={kind} name={name} checked={chosen.includes(item)} onChange={() => onToggle(item)} />
          <span>{label(item)}</span>
        </label>
      ))}
    </fieldset>
  );
}
