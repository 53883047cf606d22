import "../../styles/tools.css";
import { Fragment, useId, useLayoutEffect, useRef } from "react";
import { BOARD_KEYS, isSingleKey, keyCap } from "../../model/board-keys.ts";
import type { Preferences } from "../../model/preferences.ts";
import type { Text } from "../../text/text.ts";
import { useText } from "../board-context.ts";

interface KeysDialogProps {
  preferences: Preferences;
  onSave: (change: Partial<Preferences>) => void;
  onClose: () => void;
}

/** The sheet of keys, and the choice whether the single ones work. */
export default function KeysDialog({ preferences, onSave, onClose }: KeysDialogProps) {
  const text = useText();
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  // Before the dialog leaves the page, so that the browser gives the focus back.
  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  const names = capNames(text);
  const single = BOARD_KEYS.filter((key) => isSingleKey(key.id)).flatMap((key) => key.keys.map((each) => keyCap(each, names)));
  return (
    <dialog ref={dialog} className="vg-dialog vg-keys" aria-labelledby={id} closedby="any" onCancel={onClose}>
      <h2 id={id}>{text.text("keys.title")}</h2>
      <dl>
        {BOARD_KEYS.map((key) => (
          <div key={key.id}>
            <dt>
              {key.keys.map((each, index) => (
                <Fragment key={each}>
                  {index > 0 && ` ${text.text("keys.or")} `}
                  <kbd>{keyCap(each, names)}</kbd>
                </Fragment>
              ))}
            </dt>
            <dd>{text.text(`keys.${key.id}`)}</dd>
          </div>
        ))}
      </dl>
      <label className="vg-check">
        <input
          type="checkbox"
          checked={preferences.singleKeys}
          onChange={(event) => onSave({ singleKeys: event.target.checked })}
        />
        {text.text("keys.single", { keys: text.list(single) })}
      </label>
      <div className="vg-dialog-actions">
        <button type="button" className="vg-button vg-primary" onClick={onClose}>
          {text.text("action.close")}
        </button>
      </div>
    </dialog>
  );
}

/** The words on the keys in the reader's language. A screen reader reads words better than arrows. */
function capNames(text: Text): Readonly<Record<string, string>> {
  return {
    ArrowUp: text.text("keys.cap.up"),
    ArrowDown: text.text("keys.cap.down"),
    ArrowLeft: text.text("keys.cap.left"),
    ArrowRight: text.text("keys.cap.right"),
    PageUp: text.text("keys.cap.pageUp"),
    PageDown: text.text("keys.cap.pageDown"),
    Home: text.text("keys.cap.home"),
    End: text.text("keys.cap.end"),
    Escape: "Esc",
    " ": text.text("keys.cap.space"),
    "Shift+F10": `${text.text("keys.cap.shift")}+F10`,
  };
}
