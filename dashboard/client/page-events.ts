/**
 * Listens to the page until the returned function is called. Does nothing without a page (Node, Workers, server rendering).
 * @param onWake called when the page is visible again, the machine woke up, or the network came back.
 * @param onOffline called when the machine has lost its network.
 */
export function listenToPage(onWake: () => void, onOffline: () => void): () => void {
  if (typeof document === "undefined") return () => {};
  const stop = new AbortController();
  const { signal } = stop;
  window.addEventListener("online", onWake, { signal });
  window.addEventListener("offline", onOffline, { signal });
  // The browser's page cache closes the socket without an event.
  window.addEventListener("pageshow", (event) => event.persisted && onWake(), { signal });
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && onWake(), { signal });
  return () => stop.abort();
}
