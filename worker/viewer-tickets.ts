import { CLOSE, type CloseReason } from "../protocol/close-codes.ts";
import type { ConnectRequest } from "./auth/connect-request.ts";
import { displayIdOf } from "./auth/display-secret.ts";
import { checkTicket, TICKET_SECONDS, type TicketCheck } from "./auth/tickets.ts";
import type { Settings } from "./settings.ts";
import type { SqliteStore } from "./sqlite-store.ts";
import type { StorageCleaner } from "./storage-cleaner.ts";

/** Checks and uses up the tickets of one contact center: each opens one socket, and those of a revoked viewer open none. */
export class ViewerTickets {
  readonly #settings: Settings;
  readonly #store: SqliteStore;
  readonly #cleaner: StorageCleaner;
  readonly #instance: string;

  constructor(settings: Settings, store: SqliteStore, cleaner: StorageCleaner, instance: string) {
    this.#settings = settings;
    this.#store = store;
    this.#cleaner = cleaner;
    this.#instance = instance;
  }

  /** Verifies a ticket and uses it up. */
  async redeemTicket(token: string): Promise<TicketCheck> {
    const now = Date.now();
    const check = await checkTicket(this.#settings.ticketSecrets, this.#instance, token, now);
    if (!check.ok) return check;
    if (this.#isRevoked(check.ticket.subject, now)) return { ok: false, reason: CLOSE.revoked };
    if (!this.#store.spendTicket(check.ticket.id, check.ticket.expiresAt)) return { ok: false, reason: CLOSE.ticketExpired };
    this.#cleaner.idStored(now);
    return check;
  }

  /** Uses up the ticket of a connect request, which the Worker has verified. Returns why it opens no socket; null = it opens one. */
  refusalOf(connect: ConnectRequest, now: number): CloseReason | null {
    // A session that is over would be closed by the next alarm, and the viewer would come back at once.
    if (connect.sessionEndsAt <= now) return CLOSE.ticketExpired;
    if (this.#isRevoked(connect.subject, now)) return CLOSE.revoked;
    if (!this.#store.spendTicket(connect.ticketId, connect.ticketExpiresAt)) return CLOSE.ticketExpired;
    this.#cleaner.idStored(now);
    return null;
  }

  /** Uses up the ticket of a request without a socket, if it came with one. Returns whether its subject may ask. */
  mayAsk(subject: string, ticket: { id: string; expiresAt: number } | null, now: number): boolean {
    if (this.#isRevoked(subject, now)) return false;
    if (ticket !== null && !this.#store.spendTicket(ticket.id, ticket.expiresAt)) return false;
    this.#cleaner.idStored(now);
    return true;
  }

  /** Refuses the tickets that the subject still holds. @throws Error when that cannot be stored. */
  revoke(subject: string, now: number): void {
    this.#store.revoke(subject, now + TICKET_SECONDS * 1000);
    this.#cleaner.idStored(now);
  }

  /** A display is revoked once its link is gone, also when its tickets have not expired. */
  #isRevoked(subject: string, now: number): boolean {
    const linkId = displayIdOf(subject);
    return this.#store.isRevoked(subject, now) || (linkId !== null && !this.#store.displays.hasLink(linkId, now));
  }
}
