import * as v from "valibot";
import { ACTIONS } from "../../protocol/actions.ts";

/**
 * An action on its way from the Worker to the object. The Worker has identified who asks and parsed what; during a deployment it may be
 * of another version, so what is absent grants nothing.
 */
const askedActionSchema = v.object({
  asker: v.object({
    subject: v.string(),
    name: v.string(),
    /** null = everything. A filter that is absent or unreadable shows nothing. */
    filter: v.fallback(v.nullable(v.array(v.string())), []),
    roles: v.fallback(v.array(v.string()), []),
    usernames: v.fallback(v.array(v.string()), []),
    ticket: v.nullable(v.object({ id: v.string(), expiresAt: v.number() })),
  }),
  request: v.object({
    id: v.string(),
    action: v.picklist(ACTIONS),
    agentId: v.string(),
    contactId: v.nullable(v.string()),
    statusName: v.nullable(v.string()),
  }),
});
export type ActionFromViewer = v.InferOutput<typeof askedActionSchema>;

/** Reads an action where it arrives. @throws ValiError when it names no action, or nobody who asks */
export function readAskedAction(asked: unknown): ActionFromViewer {
  return v.parse(askedActionSchema, asked);
}
