/**
 * Why the hub closes a viewer's socket. After 4000-4499 the viewer comes back, with back-off and jitter. After 4500-4999 it does
 * not. 4401 is worth a retry only with a new ticket.
 */
export const CLOSE = {
  ticketExpired: { code: 4401, reason: "ticket_expired" },
  slowConsumer: { code: 4408, reason: "too_slow" },
  resync: { code: 4410, reason: "resync" },
  restarting: { code: 4412, reason: "restarting" },
  tooManyRequests: { code: 4429, reason: "too_many_requests" },
  badTicket: { code: 4500, reason: "bad_ticket" },
  badMessage: { code: 4501, reason: "bad_message" },
  revoked: { code: 4503, reason: "revoked" },
  tooManyViewers: { code: 4504, reason: "too_many_viewers" },
  notAllowed: { code: 4507, reason: "not_allowed" },
} as const;

export type CloseReason = (typeof CLOSE)[keyof typeof CLOSE];

/** Whether a viewer closed with `code` may come back. It may after every code outside the hub's own range: those are the network's. */
export function mayReturn(code: number): boolean {
  return !(code >= 4500 && code <= 4999);
}
