import { env } from "cloudflare:workers";
import { upgradeRequest } from "../../worker/auth/connect-request.ts";
import { TestViewer } from "./viewer.ts";

/** Sends the upgrade request to this relay, as the Worker does when the primary is full, and returns the answer. */
export function requestSocketAt(
  relay: string,
  position: { epoch: string; seq: number } | null = null,
  subject = "ana",
): Promise<Response> {
  return env.RELAY.getByName(relay).fetch(
    upgradeRequest({
      subject,
      groupFilter: null,
      roles: [],
      sessionEndsAt: Date.now() + 3_600_000,
      ticketId: crypto.randomUUID(),
      ticketExpiresAt: Date.now() + 60_000,
      legacy: false,
      region: "enam",
      position,
    }),
  );
}

/** Opens a viewer at this relay. */
export async function openAt(
  relay: string,
  position: { epoch: string; seq: number } | null,
  subject: string,
): Promise<TestViewer> {
  const { status, webSocket } = await requestSocketAt(relay, position, subject);
  if (webSocket === null) throw new Error(`The relay answered ${status} without a WebSocket.`);
  return new TestViewer(webSocket, false, position?.seq);
}

/** Opens a viewer at this relay and waits for its first frame. */
export async function connectAt(
  relay: string,
  position: { epoch: string; seq: number } | null = null,
  subject = "ana",
): Promise<TestViewer> {
  const viewer = await openAt(relay, position, subject);
  await viewer.until((v) => v.frames.length > 0);
  return viewer;
}
