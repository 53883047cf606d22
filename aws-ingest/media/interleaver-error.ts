/** A block's time, its sound or a state cannot be right. The interleaver has left the fragment out and is as it was before. */
export class InterleaverError extends Error {
  override name = "InterleaverError";
  readonly reason: "broken_timestamp" | "UnsupportedSound";

  constructor(message: string, reason: InterleaverError["reason"] = "broken_timestamp") {
    super(message);
    this.reason = reason;
  }
}
