import { useState } from "react";
import { useText } from "../board-context.ts";

/** Copies a link. Where the browser refuses the clipboard, for example without HTTPS, a field has the link to copy. */
export function CopyLink({ link }: { link: () => string }) {
  const text = useText();
  const [end, setEnd] = useState<"none" | "copied" | "refused">("none");
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(link());
      setEnd("copied");
    } catch {
      setEnd("refused");
    }
  };
  return (
    <div className="vg-copy-link">
      <button type="button" className="vg-button" onClick={() => void copy()}>
        {text.text("link.copy")}
      </button>
      <p className="vg-sub" role="status">
        {end === "copied" && text.text("link.copied")}
      </p>
      {end === "refused" && (
        <label className="vg-field">
          <span>{text.text("link.url")}</span>
          <input type="text" readOnly value={link()} onFocus={(event) => event.target.select()} />
        </label>
      )}
    </div>
  );
}
