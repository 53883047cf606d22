import * as v from "valibot";
import type { StoredStream } from "./kinesis-video-stream.ts";

/** The position at which a GetMedia answer begins (API reference, StartSelector). Times are epoch seconds with fractions. */
export const StartSelector = v.variant("StartSelectorType", [
  v.object({ StartSelectorType: v.picklist(["NOW", "EARLIEST"]) }),
  v.object({
    StartSelectorType: v.literal("FRAGMENT_NUMBER"),
    AfterFragmentNumber: v.pipe(v.string(), v.regex(/^[0-9]{1,128}$/, "AfterFragmentNumber is not a fragment number")),
  }),
  v.object({ StartSelectorType: v.picklist(["PRODUCER_TIMESTAMP", "SERVER_TIMESTAMP"]), StartTimestamp: v.number() }),
  v.object({
    StartSelectorType: v.literal("CONTINUATION_TOKEN"),
    ContinuationToken: v.pipe(v.string(), v.regex(/^[0-9]{1,128}$/, "ContinuationToken is invalid")),
  }),
]);
export type StartSelector = v.InferOutput<typeof StartSelector>;

/** Returns the index of the first fragment to send, or null when that fragment is unknown or expired (error 4000). */
export function startIndex(selector: StartSelector, stream: StoredStream): number | null {
  const { fragments, nextIndex } = stream;
  switch (selector.StartSelectorType) {
    case "NOW":
      return nextIndex;
    case "EARLIEST":
      return fragments[0]?.index ?? nextIndex;
    case "FRAGMENT_NUMBER":
      return behind(selector.AfterFragmentNumber, stream);
    case "CONTINUATION_TOKEN":
      return behind(selector.ContinuationToken, stream);
    case "PRODUCER_TIMESTAMP":
    case "SERVER_TIMESTAMP": {
      const wantedMs = selector.StartTimestamp * 1000;
      const producer = selector.StartSelectorType === "PRODUCER_TIMESTAMP";
      // Kinesis starts with the fragment that contains the time, or with the next one when none does.
      const first = fragments.find((fragment) =>
        producer ? fragment.endMs > wantedMs : fragment.serverMs + (fragment.endMs - fragment.producerMs) > wantedMs,
      );
      if (!first) return nextIndex;
      const lost = first.index > 0 && first === fragments[0] && (producer ? first.producerMs : first.serverMs) > wantedMs;
      return lost ? null : first.index;
    }
  }
}

/** Returns the index after the fragment with this number, because the selector excludes the fragment itself. */
function behind(number: string, stream: StoredStream): number | null {
  const wanted = BigInt(number);
  const found = stream.fragments.find((fragment) => BigInt(fragment.number) === wanted);
  return found ? found.index + 1 : null;
}
