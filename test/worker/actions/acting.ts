import * as v from "valibot";
import { messagesTo } from "../alerts/received.ts";
import { call, ticket } from "../support.ts";

/** The function for actions in the settings of the tests' hub (vitest.config.ts). */
export const FUNCTION = "hub-actions";
export const ACTIONS_SECRET = "whsec_YWN0aW9ucy1zZWNyZXQtYWN0aW9ucy1zZWNyZXQtMDE=";

export interface Supervisor {
  subject?: string;
  groups?: string[];
  roles?: string[];
}

/** Does an action as somebody; a supervisor who sees everything unless the test says otherwise. */
export async function act(instance: string, body: object | string, who: Supervisor = {}): Promise<ActAnswer> {
  const identity = { subject: "eva", roles: ["supervisor"], ...who };
  const response = await call(`/v1/instances/${instance}/actions`, {
    method: "POST",
    headers: { Authorization: `Bearer ${await ticket(instance, identity)}` },
    body: typeof body === "string" ? body : JSON.stringify({ id: crypto.randomUUID(), ...body }),
  });
  return { status: response.status, headers: response.headers, json: await response.json() };
}

export interface ActAnswer {
  status: number;
  headers: Headers;
  json: unknown;
}

/** A request to the function, with its parsed body. */
type SentOrder = Awaited<ReturnType<typeof messagesTo>>[number] & { order: Record<string, unknown> };

/** Returns the orders of an instance that came to the function. */
export async function ordersOf(
  instance: string,
  name = FUNCTION,
): Promise<SentOrder[]> {
  const all = await messagesTo(name);
  return all
    .map((message) => ({ ...message, order: v.parse(orderSchema, JSON.parse(message.body)) }))
    .filter(({ order }) => order["instanceId"] === instance);
}

const orderSchema = v.record(v.string(), v.unknown());
const auditSchema = v.object({
  data: v.array(v.looseObject({ what: v.string(), result: v.string(), detail: v.nullable(v.string()) })),
});

/** Returns the entries of the audit about actions, the oldest first. */
export async function auditOf(instance: string) {
  const headers = { Authorization: `Bearer ${await ticket(instance, { subject: "auditor", roles: ["admin"] })}` };
  const response = await call(`/v1/instances/${instance}/audit?limit=10000`, { headers });
  return v
    .parse(auditSchema, await response.json())
    .data.filter(({ what }) => what.startsWith("action."))
    .toReversed();
}
