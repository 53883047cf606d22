import type { HubQuestion, HubReply } from "./contract.ts";

/** A ticket and an answer together may take so long. */
const DEADLINE_MS = 15_000;
const NOTHING: HubReply = { status: 0, body: null };

/**
 * Asks the hub over HTTP. It is never rejected.
 * @param base the address of the instance, without a slash at its end
 * @param ticket returns a fresh ticket
 */
export async function askHub(
  base: string,
  { method, resource, body }: HubQuestion,
  ticket: (stop: AbortSignal) => Promise<string>,
): Promise<HubReply> {
  const signal = AbortSignal.timeout(DEADLINE_MS);
  // A page may not listen to the signal.
  const late = new Promise<never>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  try {
    const headers = {
      authorization: `Bearer ${await Promise.race([ticket(signal), late])}`,
      ...(body !== undefined && { "content-type": "application/json" }),
    };
    const init = { method, headers, signal, ...(body !== undefined && { body: JSON.stringify(body) }) };
    const answer = await fetch(`${base}/${resource}`, init);
    return { status: answer.status, body: await answer.json().catch(() => null) };
  } catch {
    return NOTHING;
  }
}
