import { Listeners } from "../client/listeners.ts";

const SECOND_MS = 1_000;
/** Browsers let a hidden page's timers run about once a minute (Chrome 88, "Heavy throttling of chained JS timers"). */
const HIDDEN_MS = 60_000;
const listeners = new Listeners();
let timer: ReturnType<typeof setInterval> | null = null;
let wantedWhileHidden = 0;

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

/** Until the returned function is called, a hidden page gets a beat about once a minute: somebody listens for alerts. */
export function tickWhileHidden(): () => void {
  wantedWhileHidden += 1;
  if (listeners.size > 0) run();
  return () => {
    wantedWhileHidden -= 1;
    if (listeners.size > 0) run();
  };
}

function run(): void {
  stop();
  const hidden = document.visibilityState === "hidden";
  if (hidden && wantedWhileHidden === 0) return;
  if (!hidden) listeners.notify();
  timer = setInterval(() => listeners.notify(), hidden ? HIDDEN_MS : SECOND_MS);
}

function stop(): void {
  if (timer !== null) clearInterval(timer);
  timer = null;
}
