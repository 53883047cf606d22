import { DATA_REQUEST } from "../alert-tables.ts";
import type { SqliteStore } from "../sqlite-store.ts";
import type { ViewerTickets } from "../viewer-tickets.ts";
import type { AlertDelivery, TestedTarget } from "./alert-delivery.ts";
import { readAskedTest } from "./test-request.ts";

/** Who did it where an operator sends a signed post: the post names nobody. */
const OPERATOR = "signed post";

/** What became of a test, or why nobody may ask for it. */
export type AnsweredTest = TestedTarget | { readonly type: "unauthorized" | "duplicate" };

/** Sends a test message to a target, tells what the receiver answered, and notes it in the audit. */
export async function answerTest(
  asked: unknown,
  tickets: ViewerTickets,
  store: SqliteStore,
  delivery: AlertDelivery,
): Promise<AnsweredTest> {
  const { target, by } = readAskedTest(asked);
  const now = Date.now();
  if (by.kind === "admin" && !tickets.mayAsk(by.subject, by.ticket, now)) return { type: "unauthorized" };
  if (by.kind === "post" && !store.rememberPost(`${DATA_REQUEST}${by.webhookId}`, now)) return { type: "duplicate" };
  const tested = await delivery.sendTest(target);
  const who = by.kind === "admin" ? by.subject : OPERATOR;
  const name = by.kind === "admin" ? (by.name ?? who) : OPERATOR;
  const result = tested.type === "tested" ? (tested.answer.delivered ? "ok" : "not_delivered") : tested.type;
  store.audit.addEntry({ at: now, who, name, what: "alerts.test", subject: target, result });
  return tested;
}
