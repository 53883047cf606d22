import type { MediaSourceEnd } from "./media-source.ts";

/** Faults of a media stream that the next invocation would meet again: rights, keys, a missing stream, an unknown end. */
const LASTING_MEDIA_FAULT =
  /^(?:stream_error_4|broken_timestamp|end_unknown)|AccessDenied|NotAuthorized|NotFound|InvalidArgument/;

/** Returns whether another invocation may be able to read on where this one could not. */
export function mayReadOn(media: MediaSourceEnd): boolean {
  return media.why === "failed" && !LASTING_MEDIA_FAULT.test(media.fault);
}
