/** One fragment of a GetMedia answer: a Matroska document with about a second of audio. All values are plain data. */
export interface Fragment {
  /** AWS_KINESISVIDEO_FRAGMENT_NUMBER: up to 128 decimal digits. Numbers grow along the stream. */
  fragmentNumber: string | null;
  /** The producer's ContactId tag. A fragment without one inherits it from the previous fragment. */
  contactId: string | null;
  /** Decimal seconds since the epoch, as sent: `"1714363529.673"`. */
  producerTimestamp: string | null;
  serverTimestamp: string | null;
  /** With it, a later GetMedia goes on behind this fragment. */
  continuationToken: string | null;
  /** How many ms this fragment is behind the newest of the stream. 0 means that the reader has caught up. */
  millisBehindNow: number | null;
  /** A failure that GetMedia reports in band, after HTTP 200. */
  error: FragmentError | null;
  /** All tags by name. The last tag of a name wins. Missing producer tags come from the previous fragment. */
  tags: ReadonlyMap<string, string>;
  /** By track name, or `track-<number>` for a track without a name. A track that is announced but silent has no blocks. */
  tracks: ReadonlyMap<string, FragmentTrack>;
  clusters: number;
  /** The unit in which the file counts times (TimecodeScale), in ms. A block's time may be wrong by one of them. */
  tickMs: number;
  /** false if the bytes ended, or a new document began, before this one was complete. */
  complete: boolean;
  /** true for a further part of a document whose first part was released by its continuation token or error. */
  continued: boolean;
}

export interface FragmentTrack {
  number: number;
  /** Why its blocks cannot be heard, for example a codec. Absent: nothing speaks against 16-bit PCM. */
  problem?: string;
  /** In the order of arrival. */
  blocks: readonly AudioBlock[];
}

export interface AudioBlock {
  /** Absolute: (Cluster timestamp + signed relative time) x TimecodeScale. Epoch ms in Connect's streams. */
  timeMs: number;
  /** 16-bit little-endian PCM, 8 kHz, mono, whatever the CodecID says (measured in captures of Connect). */
  payload: Uint8Array;
}

/**
 * An in-band error of GetMedia (AWS API reference). The id is an integer: 3002 write error, 4000 fragment not found or expired,
 * 4500-4506 the stream's KMS key, 5000 internal error. The code is its description.
 */
export interface FragmentError {
  id: string | null;
  code: string | null;
}

/** Channel 0 is the customer's voice. Channel 1 is everything that the customer hears: the agent, prompts, music. */
export type AudioChannel = 0 | 1;

/** Whether a track has a name that only Amazon Connect gives. */
export function isNamedByConnect(trackName: string): boolean {
  return ["AUDIO_FROM_CUSTOMER", "AUDIO_TO_CUSTOMER", "Track_audio/L16"].includes(trackName);
}

/**
 * Returns the channel of a track, or null for a track that is not Amazon Connect's. The name decides, because either side may
 * be number 1. Older streams carry only the customer's voice, in a track called `Track_audio/L16` or without a name.
 */
export function channelOf(trackName: string, trackCount: number): AudioChannel | null {
  if (trackName === "AUDIO_FROM_CUSTOMER" || trackName === "Track_audio/L16") return 0;
  if (trackName === "AUDIO_TO_CUSTOMER") return 1;
  return trackCount === 1 && /^track-\d+$/.test(trackName) ? 0 : null;
}

/**
 * Whether a fragment belongs to one of these contacts: the contact, and the one that it began as. Amazon Connect reuses streams
 * for other contacts, so a fragment without a contact id belongs to none.
 */
export function belongsTo(contactIds: readonly string[], fragment: Pick<Fragment, "contactId">): boolean {
  return fragment.contactId !== null && contactIds.includes(fragment.contactId);
}
