import * as v from "valibot";
import { SUBPROTOCOL, serverMessageSchema, TICKET_PREFIX, type Turn } from "../../protocol/messages.ts";

/** A viewer may watch so many contacts at once (docs/protocol.md, TRA-5). */
const WATCHED_AT_ONCE = 20;
const ANSWER_WITHIN_MS = 5_000;
const ticketSchema = v.object({ ticket: v.string() });

/**
 * Asks the hub for the turns of these contacts so far, as a viewer does.
 * @throws Error when the hub does not answer in time
 */
export async function readTranscripts(
  hubUrl: string,
  instanceId: string,
  contactIds: readonly string[],
): Promise<Map<string, readonly Turn[]>> {
  const found = new Map<string, readonly Turn[]>();
  for (let index = 0; index < contactIds.length; index += WATCHED_AT_ONCE) {
    const portion = contactIds.slice(index, index + WATCHED_AT_ONCE);
    for (const [contactId, turns] of await watchOnce(hubUrl, instanceId, portion)) found.set(contactId, turns);
  }
  return found;
}

async function watchOnce(hubUrl: string, instanceId: string, contactIds: readonly string[]): Promise<Map<string, Turn[]>> {
  const base = `${hubUrl}/v1/instances/${instanceId}`;
  const answer = await fetch(`${base}/tickets`, { method: "POST", signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
  const { ticket } = v.parse(ticketSchema, await answer.json());
  const socket = new WebSocket(`${base.replace(/^http/, "ws")}/live`, [SUBPROTOCOL, `${TICKET_PREFIX}${ticket}`]);
  const found = new Map<string, Turn[]>();
  try {
    await new Promise<void>((resolve, reject) => {
      const late = setTimeout(() => reject(new Error("The hub sent no transcript in time.")), ANSWER_WITHIN_MS);
      const gone = () => {
        clearTimeout(late);
        reject(new Error("The hub closed the socket."));
      };
      socket.addEventListener("close", gone);
      socket.addEventListener("error", gone);
      socket.addEventListener("open", () => {
        for (const contactId of contactIds) socket.send(JSON.stringify({ type: "watch", contactId }));
      });
      socket.addEventListener("message", ({ data }) => {
        const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), serverMessageSchema), data);
        if (!parsed.success || parsed.output.type !== "transcript") return;
        const { contactId, turns } = parsed.output;
        // The first frame has all turns so far. Later ones have new turns only.
        if (!found.has(contactId)) found.set(contactId, turns);
        if (found.size < contactIds.length) return;
        clearTimeout(late);
        resolve();
      });
    });
  } finally {
    socket.close();
  }
  return found;
}
