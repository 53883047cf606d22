import { lazy, Suspense } from "react";
import { useText } from "../board-context.ts";

/** Only an admin needs it, and seldom. */
const AuditDialog = lazy(() => import("./AuditDialog.tsx").catch(() => ({ default: NoAudit })));

/** Loads the audit when it is opened. */
export function LazyAudit({ onClose }: { onClose: () => void }) {
  return (
    <Suspense>
      <AuditDialog onClose={onClose} />
    </Suspense>
  );
}

/** A page that is older than the newest deployment finds no part of its own any more. */
function NoAudit({ onClose }: { onClose: () => void }) {
  const text = useText();
  return (
    <dialog open className="vg-dialog" aria-label={text.text("audit.title")}>
      <p role="status">{text.text("audit.missing")}</p>
      <button type="button" className="vg-button" onClick={onClose}>
        {text.text("action.close")}
      </button>
    </dialog>
  );
}
