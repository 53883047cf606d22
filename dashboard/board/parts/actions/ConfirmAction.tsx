import { useId, useLayoutEffect, useRef } from "react";
import { useText } from "../board-context.ts";
import type { WantedAction } from "./board-actions.ts";

/** Asks before something that cannot be undone. The safe answer has the focus first. */
export function ConfirmAction({ wanted, onAnswer }: { wanted: WantedAction; onAnswer: (isYes: boolean) => void }) {
  const text = useText();
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  const cancel = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    cancel.current?.focus();
    return () => element?.close();
  }, []);
  const { action, name, statusName, contactWords } = wanted;
  const about = action === "status" || action === "listen" ? "offline" : action;
  const values = { name, status: statusName ?? "", contact: contactWords ?? "" };
  return (
    <dialog
      ref={dialog}
      className="vg-dialog vg-confirm"
      role="alertdialog"
      aria-labelledby={`${id}title`}
      aria-describedby={`${id}why`}
      onCancel={() => onAnswer(false)}
    >
      <h2 id={`${id}title`}>{text.text(`actions.confirm.${about}`, values)}</h2>
      <p id={`${id}why`}>{text.text(`actions.confirm.${about}Why`, values)}</p>
      <div className="vg-dialog-actions">
        <button ref={cancel} type="button" className="vg-button" onClick={() => onAnswer(false)}>
          {text.text("action.cancel")}
        </button>
        <button
          type="button"
          className={`vg-button ${action === "stop" ? "vg-danger" : "vg-primary"}`}
          onClick={() => onAnswer(true)}
        >
          {statusName === null ? text.text(`actions.${action}`) : text.text("actions.set", { status: statusName })}
        </button>
      </div>
    </dialog>
  );
}
