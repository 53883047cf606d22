import type { ActionOrder, ActionOutcome } from "../../protocol/actions.ts";
import type { RecordingFinder } from "../clients/recording-links.ts";
import { linkMade, notDone } from "../connect/action-outcomes.ts";
import { type RecordedObject, recordingLocation } from "../connect/recording-location.ts";
import type { RecordingSources } from "../runtime/actions-settings.ts";

/** A link may be passed on by mistake, so it ends soon. A player that has begun reads on. */
const LINK_SECONDS = 300;

/**
 * Makes a link to the recording of a contact: our own if there is one, else that of Amazon Connect.
 * @param onFault receives the name of an error, for the log
 */
export async function openRecording(
  { contactId, days }: Extract<ActionOrder, { action: "recording" }>,
  { ownBucket, connectLocation }: RecordingSources,
  finder: RecordingFinder,
  onFault: (name: string) => void,
): Promise<ActionOutcome> {
  try {
    const place =
      (await ownRecording(contactId, days, ownBucket, finder)) ?? (await connectRecording(contactId, connectLocation, finder));
    if (place === null) return notDone("no_recording");
    const expiresAt = Date.now() + LINK_SECONDS * 1000;
    return linkMade({ url: await finder.linkTo(place, LINK_SECONDS), expiresAt });
  } catch (error) {
    const name = error instanceof Error ? error.name : "unknown";
    onFault(name);
    return notDone(codeOf(name));
  }
}

/** The transcriber names a recording by the day and the contact (`call-archive.ts`). */
async function ownRecording(
  contactId: string,
  days: readonly string[],
  bucket: string | null,
  finder: RecordingFinder,
): Promise<RecordedObject | null> {
  if (bucket === null) return null;
  for (const day of days) {
    const place = { bucket, key: `${day.replaceAll("-", "/")}/${contactId}.wav` };
    if (await finder.hasObject(place)) return place;
  }
  return null;
}

async function connectRecording(
  contactId: string,
  allowed: string | null,
  finder: RecordingFinder,
): Promise<RecordedObject | null> {
  if (allowed === null) return null;
  const place = recordingLocation(await finder.recordingsOf(contactId), allowed);
  // Amazon Connect names the place before the object is there.
  return place !== null && (await finder.hasObject(place)) ? place : null;
}

function codeOf(name: string): "busy" | "not_permitted" | "recordings_unavailable" {
  if (name === "ThrottlingException" || name === "TooManyRequestsException") return "busy";
  return name === "AccessDeniedException" ? "not_permitted" : "recordings_unavailable";
}
