import type { HubQuestion, HubReply } from "./contract.ts";

/** A ticket and an answer together may take so long. */
const DEADLINE_MS = 15_000;
const NOTHING: HubReply = { status: 0, body: null };

/**
 * Asks the hub over HTTP. It is never rejected.
 * @param base the address of the instance, without a slash at its end
 * @param ticket returns a fresh ticket
 */
export function askHub(
  base: string,
  { method, resource, body: question }: HubQuestion,
  ticket: (stop: AbortSignal) => Promise<string>,
): Promise<HubReply> {
  const signal = AbortSignal.timeout(DEADLINE_MS);
  const ask = async () => {
    const headers = { authorization: `Bearer ${await ticket(signal)}`, "content-type": "application/json" };
    const answer = await fetch(`${base}/${resource}`, { method, headers, signal, body: JSON.stringify(question) });
    const isLines = answer.headers.get("content-type")?.includes("ndjson");
    // Lines end with a line feed, so they become a list by a comma in its place.
    const body = isLines
      ? JSON.parse(`[${(await answer.text()).trim().replaceAll("\n", ",")}]`)
      : await answer.json().catch(() => null);
    const retryAfterMs = askedWaitMs(answer);
    return { status: answer.status, body, ...(retryAfterMs > 0 && { retryAfterMs }) };
  };
  // A page may not listen to the signal.
  const late = new Promise<never>((_, reject) => signal.addEventListener("abort", reject));
  return Promise.race([ask(), late]).catch(() => NOTHING);
}

/** Returns how long the hub wants not to be asked again, in milliseconds (it says seconds); 0 or NaN = it has not said. */
export function askedWaitMs({ headers }: Response): number {
  return Number(headers.get("retry-after")) * 1000;
}
