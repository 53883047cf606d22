import * as v from "valibot";
import { ACTIONS } from "../../protocol/actions.ts";
import { type Json, json, refusal, schemaOf } from "./json-schema.ts";
import type { SharedParts } from "./openapi-data.ts";

const requestSchema = v.object({
  id: v.string(),
  action: v.picklist(ACTIONS),
  agentId: v.string(),
  contactId: v.optional(v.nullable(v.string())),
  statusName: v.optional(v.nullable(v.string())),
});
const answer = { id: v.string(), ok: v.boolean(), code: v.string(), message: v.string() };
const recordingSchema = v.object({ agentId: v.string(), date: v.optional(v.nullable(v.string())) });
const linkSchema = v.object({ url: v.string(), expiresAt: v.number() });
const CONTACT: Json = {
  name: "contactId",
  in: "path",
  required: true,
  description: "The contact of the agent.",
  schema: { type: "string" },
};
const meSchema = v.object({ name: v.string(), roles: v.array(v.string()), actions: v.array(v.string()), timeZone: v.string() });
const refused = (description: string): Json => ({
  description,
  content: json(schemaOf(v.object({ error: v.string(), ...answer }))),
});

/** Returns the addresses with which a supervisor acts, learns what it may do, and hears recordings. */
export function actionPaths({ INSTANCE, UNAUTHORIZED, TOO_MANY, AGAIN }: Omit<SharedParts, "signed">): Json {
  return {
    "/v1/instances/{instanceId}/me": {
      parameters: [INSTANCE],
      get: {
        operationId: "readMe",
        summary: "Tell what the asker may do.",
        description: "The answer grants nothing. Each request is checked by itself.",
        security: [{ identity: [] }, { ticket: [] }],
        responses: {
          200: { description: "Name, roles, actions, and the time zone of the center.", content: json(schemaOf(meSchema)) },
          401: UNAUTHORIZED,
          403: refusal("The identity may not see this instance (`not_allowed`), or may see nobody."),
          429: TOO_MANY,
          503: AGAIN,
        },
      },
    },
    "/v1/instances/{instanceId}/actions": {
      parameters: [INSTANCE],
      post: {
        operationId: "act",
        summary: "Set a status, free a stuck agent, listen, barge or end a contact, for a supervisor.",
        description: "The same id of the same person again gets the same answer, and is one action.",
        security: [{ identity: [] }, { ticket: [] }],
        requestBody: { required: true, content: json(schemaOf(requestSchema)) },
        responses: {
          200: { description: "`ok` says whether Amazon Connect did it.", content: json(schemaOf(v.object(answer))) },
          400: refusal("The body is no action (`invalid_action`); `path` names the place."),
          401: UNAUTHORIZED,
          403: refused("The role or the switch is missing (`not_allowed`)."),
          404: refused("There is no such agent, or it is out of sight (`not_found`)."),
          409: refused("The contact has moved on, or the id was used for another action."),
          429: TOO_MANY,
          503: refused("The hub does not know the function (`not_configured`), or is restarting: nothing was sent."),
          504: refused("Nobody knows whether it happened (`unknown`)."),
        },
      },
    },
    "/v1/instances/{instanceId}/contacts/{contactId}/recording": {
      parameters: [INSTANCE, CONTACT],
      post: {
        operationId: "openRecording",
        summary: "Get a link to the recording of a contact, for whoever has the role that RECORDING_ROLE names.",
        description: "`date` is the day of the contact (YYYY-MM-DD in the time zone of the center); without it, today.",
        security: [{ identity: [] }, { ticket: [] }],
        requestBody: { required: true, content: json(schemaOf(recordingSchema)) },
        responses: {
          200: {
            description: "Whoever has `url` hears the recording until `expiresAt` (ms), for five minutes.",
            content: json(schemaOf(linkSchema)),
          },
          400: refusal("The body or the id is wrong (`invalid_request`); `path` names the place."),
          401: UNAUTHORIZED,
          403: refusal("The role is missing (`not_allowed`), or nobody may hear recordings (`switched_off`)."),
          404: refusal("There is no such contact in sight (`not_found`), or no recording of it is kept (`no_recording`)."),
          409: refusal("The recording is not there yet (`recording_not_ready`)."),
          429: TOO_MANY,
          503: refusal("The hub does not know the function (`not_configured`), or the function could not look."),
          504: refusal("The function did not answer in time (`too_slow`)."),
        },
      },
    },
  };
}
