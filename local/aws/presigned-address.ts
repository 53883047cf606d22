/** The longest time of a presigned address, in seconds: seven days (S3 API reference, "Authenticating Requests: query parameters"). */
const LONGEST_SECONDS = 604_800;

/**
 * Reads whether a request carries its signature in its address, and still in time. A stand-in has no keys to check the signature itself.
 * @param now epoch ms
 */
export function presignedState(url: URL, now: number): "valid" | "expired" | "none" {
  const query = url.searchParams;
  if (query.get("X-Amz-Algorithm") !== "AWS4-HMAC-SHA256" || !/^[0-9a-f]{64}$/.test(query.get("X-Amz-Signature") ?? ""))
    return "none";
  const [, day, time] = /^(\d{8})T(\d{6})Z$/.exec(query.get("X-Amz-Date") ?? "") ?? [];
  const seconds = Number(query.get("X-Amz-Expires"));
  if (day === undefined || time === undefined || !(seconds >= 1 && seconds <= LONGEST_SECONDS)) return "none";
  const date = `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}`;
  const signedAt = Date.parse(`${date}T${time.slice(0, 2)}:${time.slice(2, 4)}:${time.slice(4)}Z`);
  return now < signedAt + seconds * 1000 ? "valid" : "expired";
}
