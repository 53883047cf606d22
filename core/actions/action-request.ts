import * as v from "valibot";
import { ACTIONS } from "../../protocol/actions.ts";

/** An id that the caller makes up for each action, such as a UUID. */
const actionId = v.pipe(v.string(), v.regex(/^[\w.:-]{1,128}$/));
const id = v.pipe(v.string(), v.nonEmpty(), v.maxLength(256));

/** The body of `POST …/actions`. A field that an action does not use is ignored. */
const requestSchema = v.object({
  id: actionId,
  action: v.picklist(ACTIONS),
  agentId: id,
  contactId: v.optional(v.nullable(id), null),
  statusName: v.optional(v.nullable(id), null),
});
export type ActionRequest = v.InferOutput<typeof requestSchema>;

export type ParsedActionRequest = { ok: true; request: ActionRequest } | { ok: false; path: string; message: string };

const EXPECTED: Readonly<Record<string, string>> = {
  id: "Send an id of your own for each action: 1 to 128 letters, digits, dots, colons, dashes or underscores.",
  action: `Send one of: ${ACTIONS.join(", ")}.`,
  agentId: "Send the id of an agent on the board.",
  contactId: "Send the id of the contact: listen, barge and stop are about one.",
  statusName: "Send the name of the status as Amazon Connect has it.",
};

/** Parses what a viewer asks. The message says what to send and quotes nothing of it. */
export function parseActionRequest(body: unknown): ParsedActionRequest {
  const parsed = v.safeParse(requestSchema, body);
  if (!parsed.success) return wrong(v.getDotPath(parsed.issues[0]) ?? "id");
  const request = parsed.output;
  switch (request.action) {
    case "status":
      return request.statusName === null ? wrong("statusName") : { ok: true, request: { ...request, contactId: null } };
    case "free":
      return { ok: true, request: { ...request, statusName: null } };
    case "listen":
    case "barge":
    case "stop":
      return request.contactId === null ? wrong("contactId") : { ok: true, request: { ...request, statusName: null } };
  }
}

function wrong(path: string): ParsedActionRequest {
  return { ok: false, path, message: EXPECTED[path] ?? "Send a JSON object as docs/protocol.md shows it." };
}
