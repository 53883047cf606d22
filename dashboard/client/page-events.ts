/** What the page around the client knows about the machine. */
export interface PageEventsPort {
  /** The page is looked at again, the machine woke up, or the network came back: check now. */
  wake(): void;
  /** The machine has lost its network. */
  offline(): void;
}

/** Listens while the returned function has not been called; does nothing where there is no page (Node, Workers, SSR). */
export function listenToPage(port: PageEventsPort): () => void {
  if (typeof document === "undefined") return () => {};
  const stop = new AbortController();
  const { signal } = stop;
  window.addEventListener("online", () => port.wake(), { signal });
  window.addEventListener("offline", () => port.offline(), { signal });
  // Back from the browser's page cache, which has closed the socket without an event.
  window.addEventListener("pageshow", (event) => event.persisted && port.wake(), { signal });
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && port.wake(), { signal });
  return () => stop.abort();
}
