import "../styles/tools.css";
import { useEffect, useRef, useState } from "react";
import { createText, type Locale } from "../text/text.ts";

interface SignInDialogProps {
  locale: Locale;
  /** True after the hub refused a token. */
  refused: boolean;
  onToken: (token: string) => void;
  onClose: () => void;
}

/** Lets the reader paste a token, where the hub has no client with which the page could sign people in. */
export default function SignInDialog({ locale, refused, onToken, onClose }: SignInDialogProps) {
  const text = createText(locale);
  const dialog = useRef<HTMLDialogElement>(null);
  const [token, setToken] = useState("");
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} className="vigia vg-dialog" lang={locale} aria-labelledby="vg-signin" onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (token.trim() !== "") onToken(token);
        }}
      >
        <h2 id="vg-signin">{text.text("signin.title")}</h2>
        <p>{text.text("signin.lead")}</p>
        {refused && (
          <p className="vg-banner" data-tone="bad" role="alert">
            {text.text("signin.refused")}
          </p>
        )}
        <label className="vg-field">
          <span>{text.text("signin.token")}</span>
          <input
            type="password"
            autoComplete="current-password"
            required
            value={token}
            onChange={(event) => setToken(event.target.value)}
          />
        </label>
        <p className="vg-sub">{text.text("signin.kept")}</p>
        <div className="vg-dialog-actions">
          <button type="button" className="vg-button" onClick={onClose}>
            {text.text("action.cancel")}
          </button>
          <button type="submit" className="vg-button vg-primary">
            {text.text("signin.submit")}
          </button>
        </div>
      </form>
    </dialog>
  );
}
