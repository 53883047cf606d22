/** What GetMedia sends: one Matroska document per fragment, about a second of sound. All values are plain data. */
export interface Fragment {
  /** AWS_KINESISVIDEO_FRAGMENT_NUMBER: up to 128 decimal digits, growing along the stream. */
  fragmentNumber: string | null;
  /** The producer's ContactId tag, inherited from the previous fragment when this one has none. */
  contactId: string | null;
  /** Decimal seconds since the epoch, as sent: `"1714363529.673"`. */
  producerTimestamp: string | null;
  serverTimestamp: string | null;
  /** Lets a later GetMedia go on behind this fragment. */
  continuationToken: string | null;
  /** How far this fragment is behind the newest of the stream, in ms; 0 = caught up. */
  millisBehindNow: number | null;
  /** A failure reported in band, after HTTP 200. */
  error: FragmentError | null;
  /** All tags by name, the last of a name wins; producer tags missing here are the previous fragment's. */
  tags: ReadonlyMap<string, string>;
  /** By track name; `track-<number>` for a track without a name. A track that is announced but silent has no blocks. */
  tracks: ReadonlyMap<string, FragmentTrack>;
  clusters: number;
  /** False if the bytes ended, or a new document began, before this one was whole. */
  complete: boolean;
  /** True for what followed in the same document after the fragment had been released by its continuation token or error. */
  continued: boolean;
}

export interface FragmentTrack {
  number: number;
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
 * GetMedia output, AWS API reference: the id is the integer (3002 write error, 4000 fragment not found or expired, 4500-4506 the stream's
 * KMS key, 5000 internal), the code is its description.
 */
export interface FragmentError {
  id: string | null;
  code: string | null;
}

/** AudioChannel 0 is the customer's voice, channel 1 what the customer hears (the agent, prompts, music). */
export type AudioChannel = 0 | 1;

/**
 * The channel of a track. The name decides, never the number: either side may be number 1. Older streams carry the customer's voice alone in
 * a track called `Track_audio/L16` or without a name. Null: not a track of this product, leave it out.
 */
export function channelOf(trackName: string, trackCount: number): AudioChannel | null {
  if (trackName === "AUDIO_FROM_CUSTOMER" || trackName === "Track_audio/L16") return 0;
  if (trackName === "AUDIO_TO_CUSTOMER") return 1;
  return trackCount === 1 && /^track-\d+$/.test(trackName) ? 0 : null;
}

/**
 * Whether a fragment may be heard for these contacts (the contact and the one it began as). Streams are reused for other contacts, so a
 * fragment that does not say whose it is belongs to nobody.
 */
export function belongsTo(contactIds: readonly string[], fragment: Pick<Fragment, "contactId">): boolean {
  return fragment.contactId !== null && contactIds.includes(fragment.contactId);
}
