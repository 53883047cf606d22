import type { SqliteStore } from "../sqlite-store.ts";
import type { StorageCleaner } from "../storage-cleaner.ts";
import type { ViewerTickets } from "../viewer-tickets.ts";
import type { AlertDelivery, TestedTarget } from "./alert-delivery.ts";
import { readAskedTest } from "./test-request.ts";

/** What became of a test: what the target answered, or why nothing was sent. */
export type AnsweredAlertTest = TestedTarget | { readonly type: "unauthorized" | "duplicate" };

/** Parts of the contact center whose target is tested. */
interface TestedParts {
  readonly tickets: ViewerTickets;
  readonly store: SqliteStore;
  readonly delivery: AlertDelivery;
  readonly cleaner: StorageCleaner;
}

/** Sends a test message to a target of alerts, if the ticket is fresh or the post is new. */
export async function testTarget(asked: unknown, { tickets, store, delivery, cleaner }: TestedParts): Promise<AnsweredAlertTest> {
  const { target, by } = readAskedTest(asked);
  const now = Date.now();
  if (by.kind === "admin" && !tickets.mayAsk(by.subject, by.ticket, now)) return { type: "unauthorized" };
  if (by.kind === "post" && !store.rememberPost(by.webhookId, now)) return { type: "duplicate" };
  cleaner.idStored(now);
  return delivery.sendTest(target);
}
