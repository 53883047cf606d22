import { useLayoutEffect } from "react";

/**
 * Closes the modal dialogs of the board while another page stands in its place, and opens them again. Chromium lets nobody use
 * what is outside of a modal dialog, even if the dialog is in a hidden part of the page.
 */
export function useNoDialogWhile(isHidden: boolean): void {
  // Before the other page takes the focus.
  useLayoutEffect(() => {
    if (!isHidden) return;
    const open = [...document.querySelectorAll<HTMLDialogElement>("dialog:modal")];
    for (const dialog of open) dialog.close();
    return () => {
      for (const dialog of open) if (dialog.isConnected && !dialog.open) dialog.showModal();
    };
  }, [isHidden]);
}
