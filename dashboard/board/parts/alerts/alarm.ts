import { useEffect, useRef } from "react";
import type { CenterAlertChange } from "../../../client/contract.ts";
import { useAlertChanges } from "../../../react/use-alerts.ts";
import { isNews } from "../../model/alert-news.ts";
import { alertInScope, isOpen, type ScopedSubjects } from "../../model/alert-scope.ts";
import { alertName, alertWords } from "../../model/alert-words.ts";
import type { BoardAlert } from "../../model/board-alert.ts";
import type { Preferences } from "../../model/preferences.ts";
import type { Text } from "../../text/text.ts";

/** Hertz and seconds of the two notes: low and short enough not to disturb people in the same office. */
const NOTES = [660, 880];
const NOTE_SECONDS = 0.12;
const LOUDNESS = 0.12;
/**
 * Milliseconds after which the sound is over. A page on which nobody has pressed anything may not play, and its notes would wait
 * for the first press, hours later.
 */
const SOUND_MS = 3_000;

interface NewAlertsInput {
  scope: ScopedSubjects;
  mutedRules: readonly string[];
  /** Adds names and rules to an alert of the center. */
  describe: (change: CenterAlertChange) => BoardAlert | null;
  /** Called once for all new alerts of a frame. */
  onNew: (alerts: readonly BoardAlert[]) => void;
}

/** Calls `onNew` with the alerts that call this reader from now on. The alerts that fire when the board opens are no news. */
export function useNewAlerts({ scope, mutedRules, describe, onNew }: NewAlertsInput): void {
  const gathered = useRef<BoardAlert[]>([]);
  useAlertChanges((change) => {
    const alert = isNews(change) ? describe(change) : null;
    if (alert === null || !alertInScope(scope, alert) || !isOpen(alert, mutedRules)) return;
    gathered.current.push(alert);
    // All changes of a frame come in one task.
    if (gathered.current.length === 1) queueMicrotask(() => onNew(gathered.current.splice(0)));
  });
}

/** Plays the sound and shows the notification that the supervisor wants, once for all alerts that come together. */
export function useAlarm({ sound, notify }: Preferences, text: Text, onOpen: (alert: BoardAlert | null) => void) {
  const latest = useRef(onOpen);
  useEffect(() => {
    latest.current = onOpen;
  });
  return (alerts: readonly BoardAlert[]): void => {
    const [first] = alerts;
    if (first === undefined) return;
    if (sound) playNotes();
    if (!notify || !("Notification" in window) || Notification.permission !== "granted") return;
    const title =
      alerts.length === 1
        ? `${alertName(first, text)}: ${alertWords(first, text)}`
        : text.count("alerts.announce", alerts.length);
    const notification = notificationOf(title, text);
    if (notification === null) return;
    notification.onclick = () => {
      window.focus();
      notification.close();
      latest.current(alerts.length === 1 ? first : null);
    };
  };
}

/** Returns null where pages may not notify by themselves: on Android the constructor throws (MDN, Notification, 2026-11). */
function notificationOf(title: string, text: Text): Notification | null {
  // With one tag for all, a new notification replaces an unread one. Without `renotify` it would do so unnoticed.
  const options: NotificationOptions & { renotify: boolean } = { tag: "vigia", renotify: true, lang: text.locale };
  try {
    return new Notification(title, options);
  } catch {
    return null;
  }
}

/** Returns null where the browser has no sound, or no more of it. */
function audioContext(): AudioContext | null {
  try {
    return new AudioContext();
  } catch {
    return null;
  }
}

function playNotes(): void {
  const audio = audioContext();
  if (audio === null) return;
  const volume = new GainNode(audio, { gain: LOUDNESS });
  volume.connect(audio.destination);
  for (const [index, frequency] of NOTES.entries()) {
    const note = new OscillatorNode(audio, { frequency });
    note.connect(volume);
    note.start(audio.currentTime + index * NOTE_SECONDS);
    note.stop(audio.currentTime + (index + 1) * NOTE_SECONDS);
  }
  setTimeout(() => void audio.close(), SOUND_MS);
}
