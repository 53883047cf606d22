/**
 * Listens to the page until the returned function is called. Does nothing without a page (Node, Workers, server rendering).
 * @param onWake called when the page is visible again, the machine woke up, or the network came back.
 * @param onOffline called when the machine has lost its network.
 * @param onVisibility called when the page was hidden or shown.
 */
export function listenToPage(onWake: () => void, onOffline: () => void, onVisibility: () => void): () => void {
  if (typeof document === "undefined") return () => {};
  const stop = new AbortController();
  const listen = (target: EventTarget, name: string, listener: () => void) =>
    target.addEventListener(name, listener, { signal: stop.signal });
  listen(window, "online", onWake);
  listen(window, "offline", onOffline);
  // The browser's page cache closes the socket without an event. After a first load this costs one ping.
  listen(window, "pageshow", onWake);
  listen(document, "visibilitychange", () => {
    if (document.visibilityState === "visible") onWake();
    onVisibility();
  });
  return () => stop.abort();
}
