import { useEffect, useRef } from "react";
import { secondTicker } from "../../react/ticker.ts";
import { type AnnouncedLevels, levelsById, newAlerts } from "../model/new-alerts.ts";
import type { Preferences } from "../model/preferences.ts";
import type { Alert } from "../model/threshold-alerts.ts";
import type { Text } from "../text/text.ts";
import { alertWords } from "./cells.tsx";

/** Hertz and seconds of the two notes: low and short enough not to disturb people in the same office. */
const NOTES = [660, 880];
const NOTE_SECONDS = 0.12;
const LOUDNESS = 0.12;

/** Plays the sound and shows the notification that the supervisor wants, once for all alerts that come together. */
export function useAlarm(alerts: readonly Alert[], { sound, notify }: Preferences, text: Text, known: boolean): void {
  useEffect(() => (sound || notify ? secondTicker.tickOnHiddenPage() : undefined), [sound, notify]);
  const announced = useRef<AnnouncedLevels>(null);
  useEffect(() => {
    if (!known) return;
    const fresh = newAlerts(announced.current, alerts);
    announced.current = levelsById(alerts);
    const [first] = fresh;
    if (first === undefined) return;
    if (sound) void playNotes();
    if (notify && "Notification" in window && Notification.permission === "granted") {
      const title =
        fresh.length === 1 ? `${first.agentName}: ${alertWords(first, text)}` : text.count("alerts.announce", fresh.length);
      // With one tag for all, a new notification replaces an unread one.
      new Notification(title, { tag: "vigia", lang: text.locale });
    }
  }, [alerts, sound, notify, text, known]);
}

async function playNotes(): Promise<void> {
  const audio = new AudioContext();
  const volume = new GainNode(audio, { gain: LOUDNESS });
  volume.connect(audio.destination);
  const notes = NOTES.map((frequency, index) => {
    const note = new OscillatorNode(audio, { frequency });
    note.connect(volume);
    note.start(audio.currentTime + index * NOTE_SECONDS);
    note.stop(audio.currentTime + (index + 1) * NOTE_SECONDS);
    return note;
  });
  notes.at(-1)?.addEventListener("ended", () => void audio.close());
}
