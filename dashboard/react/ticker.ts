import { Listeners } from "../client/listeners.ts";

const SECOND_MS = 1_000;
const listeners = new Listeners();
let timer: ReturnType<typeof setInterval> | null = null;

/** One beat a second for the whole page, however many rows count seconds; none while nobody looks. */
export function onTick(listener: () => void): () => void {
  const remove = listeners.add(listener);
  if (listeners.size === 1) {
    document.addEventListener("visibilitychange", run);
    run();
  }
  return () => {
    remove();
    if (listeners.size > 0) return;
    document.removeEventListener("visibilitychange", run);
    stop();
  };
}

function run(): void {
  stop();
  if (document.visibilityState === "hidden") return;
  listeners.notify();
  timer = setInterval(() => listeners.notify(), SECOND_MS);
}

function stop(): void {
  if (timer !== null) clearInterval(timer);
  timer = null;
}
