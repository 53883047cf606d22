import type { Catalogue } from "./catalogue.ts";

/** Texts about the recording of a contact, in English. */
export const recordingEn = {
  "recording.ask": "Recording",
  "recording.askFor": "Get a link to the recording of this contact",
  "recording.waiting": "Looking for the recording…",
  "recording.open": "Listen (until {time})",
  "recording.openHint": "Opens in a new tab. The link works for five minutes, for whoever has it.",
  "recording.ended": "The link has ended. Ask for a new one.",
  "recording.no_recording": "No recording of this contact is kept.",
  "recording.recording_not_ready": "The recording is not there yet. Try again some minutes after the contact has ended.",
  "recording.not_allowed": "You may not hear recordings.",
  "recording.switched_off": "Recordings cannot be heard from this board.",
  "recording.not_found": "This contact is no longer among those that you may see.",
  "recording.too_slow": "The recordings did not answer in time. Try again.",
  "recording.too_many_requests": "You asked for many recordings. Wait a few seconds.",
  "recording.not_configured": "Recordings are not set up. Tell the person who runs the server.",
  "recording.failed": "The recording could not be looked up. Try again.",
} as const satisfies Catalogue;
