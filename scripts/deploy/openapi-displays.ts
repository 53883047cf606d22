import * as v from "valibot";
import { type Json, json, refusal, schemaOf } from "./json-schema.ts";
import type { SharedParts } from "./openapi-data.ts";

const bodySchema = v.object({ name: v.string(), groups: v.array(v.string()) });
const madeSchema = v.object({ url: v.string(), expiresAt: v.number() });
const listSchema = v.object({
  data: v.array(
    v.object({
      name: v.string(),
      groups: v.array(v.string()),
      madeAt: v.number(),
      madeBy: v.string(),
      usedAt: v.nullable(v.number()),
      expiresAt: v.number(),
    }),
  ),
});
const removedSchema = v.object({ name: v.string() });

const BEARER = [{ identity: [] }, { ticket: [] }];
const NOT_ADMIN = refusal("The identity is no admin (`not_allowed`), or may not see this instance.");

/** Returns the addresses of the links that sign wallboards in. */
export function displayPaths({ INSTANCE, UNAUTHORIZED, TOO_MANY, AGAIN }: Omit<SharedParts, "signed">): Json {
  const shared = { 401: UNAUTHORIZED, 403: NOT_ADMIN, 429: TOO_MANY, 503: AGAIN };
  return {
    "/v1/instances/{instanceId}/displays": {
      parameters: [INSTANCE],
      get: {
        operationId: "listDisplays",
        summary: "List the display links, without their secrets.",
        description: "For an admin. One with group limits gets the links that show nothing beyond its groups.",
        security: BEARER,
        responses: { 200: { description: "The links, by name.", content: json(schemaOf(listSchema)) }, ...shared },
      },
      post: {
        operationId: "makeDisplay",
        summary: "Make a link that signs a wallboard in for a year, to look only.",
        description:
          'For an admin. `groups` are those that the wallboard shows, and `["*"]` is all. The link of the same name is replaced. ' +
          "The answer is the only place that has the secret.",
        security: BEARER,
        requestBody: { required: true, content: json(schemaOf(bodySchema)) },
        responses: {
          200: { description: "The link, and when it expires.", content: json(schemaOf(madeSchema)) },
          400: refusal("The name or the list of groups is wrong (`invalid_display`): `path` says which."),
          ...shared,
          403: refusal("The identity is no admin, or the link would show more than the admin sees (`not_allowed`)."),
          409: refusal("Another admin has a display of this name (`name_taken`), or there are too many (`too_many_displays`)."),
        },
      },
    },
    "/v1/instances/{instanceId}/displays/{name}": {
      parameters: [INSTANCE, { name: "name", in: "path", required: true, schema: { type: "string" } }],
      delete: {
        operationId: "removeDisplay",
        summary: "Remove a display link. Its wallboard is signed out at once.",
        description: "For an admin.",
        security: BEARER,
        responses: {
          200: { description: "The link is removed.", content: json(schemaOf(removedSchema)) },
          ...shared,
          404: refusal("There is no such display within the groups of the admin (`unknown_display`)."),
        },
      },
    },
  };
}
