import { type ReactNode, useId, useLayoutEffect, useRef } from "react";
import { useText } from "./board-context.ts";
import { Icon } from "./Icon.tsx";
import { PastNote } from "./replay/PastNote.tsx";

interface SidePanelProps {
  title: ReactNode;
  note?: ReactNode;
  /** Opens over the whole board instead of beside the table. */
  modal: boolean;
  onClose: () => void;
  children: ReactNode;
}

/** A dialog beside the table, or over it on a narrow screen. After it closes, the browser restores the focus. */
export function SidePanel({ title, note, modal, onClose, children }: SidePanelProps) {
  const text = useText();
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useLayoutEffect(() => {
    const element = dialog.current;
    if (element === null) return;
    if (modal) element.showModal();
    else element.show();
    return () => element.close();
  }, [modal]);
  return (
    <dialog
      ref={dialog}
      className="vg-side"
      data-modal={modal || undefined}
      aria-labelledby={heading}
      closedby={modal ? "any" : "none"}
      onCancel={onClose}
      onKeyDown={(event) => {
        // Browsers close only modal dialogs on Escape.
        if (event.key === "Escape" && !modal) onClose();
      }}
    >
      <header className="vg-side-head">
        <div>
          <h2 id={heading}>{title}</h2>
          <PastNote />
          {note}
        </div>
        <button type="button" className="vg-button vg-quiet" aria-label={text.text("action.close")} onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      {children}
    </dialog>
  );
}
