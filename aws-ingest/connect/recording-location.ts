/** The fields that are read of a recording of Amazon Connect (API reference, RecordingInfo, read 2026-11-26). */
export interface ConnectRecording {
  StorageType?: string | undefined;
  /** `bucket/key`, as in contact records. */
  Location?: string | undefined;
  MediaStreamType?: string | undefined;
  Status?: string | undefined;
}

/** An object of S3. */
export interface RecordedObject {
  bucket: string;
  key: string;
}

/**
 * Returns where the audio of a contact lies; null = there is none in the allowed place. Amazon Connect names places anywhere in the
 * account, and this stack may read only one.
 * @param allowed `bucket/prefix`
 */
export function recordingLocation(recordings: readonly ConnectRecording[], allowed: string): RecordedObject | null {
  for (const { StorageType, Location, MediaStreamType, Status } of recordings) {
    if (StorageType !== "S3" || Status === "DELETED" || (MediaStreamType ?? "AUDIO") !== "AUDIO") continue;
    const path = (Location ?? "").replace(/^s3:\/\//, "").replace(/^\/+/, "");
    const slash = path.indexOf("/");
    if (slash > 0 && path.startsWith(`${allowed.replace(/\/+$/, "")}/`) && isAudio(path))
      return { bucket: path.slice(0, slash), key: path.slice(slash + 1) };
  }
  return null;
}

/** Transcripts of chats stand in the same list. */
function isAudio(path: string): boolean {
  return /\.(wav|mp3|ogg)$/i.test(path);
}
