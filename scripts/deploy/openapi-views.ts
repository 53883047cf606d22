import * as v from "valibot";
import { sharedViewSchema, sharedViewsSchema } from "../../protocol/shared-views.ts";
import { type Json, json, refusal, schemaOf } from "./json-schema.ts";
import type { SharedParts } from "./openapi-data.ts";

const bodySchema = v.object({ views: v.array(sharedViewSchema), version: v.optional(v.nullable(v.number())) });

const BEARER = [{ identity: [] }, { ticket: [] }];

/** Returns the address of the views that admins share with the center. */
export function viewPaths({ INSTANCE, UNAUTHORIZED, TOO_MANY, AGAIN }: Omit<SharedParts, "signed">): Json {
  const shared = { 401: UNAUTHORIZED, 429: TOO_MANY, 503: AGAIN };
  const answer = { description: "The views, and which edition they are.", content: json(schemaOf(sharedViewsSchema)) };
  return {
    "/v1/instances/{instanceId}/views": {
      parameters: [INSTANCE],
      get: {
        operationId: "listViews",
        summary: "List the views of the board that are shared with the center.",
        description: "For every viewer, without those that name groups beyond its own.",
        security: BEARER,
        responses: { 200: answer, ...shared, 403: refusal("The identity may not see this instance (`not_allowed`).") },
      },
      put: {
        operationId: "saveViews",
        summary: "Share views with the center, and stop sharing others.",
        description:
          "For an admin. The list replaces the views that the admin sees. With `version` it counts only for that edition.",
        security: BEARER,
        requestBody: { required: true, content: json(schemaOf(bodySchema)) },
        responses: {
          200: answer,
          400: refusal("The list is wrong (`invalid_views`): `path` says where."),
          ...shared,
          403: refusal("The identity is no admin, or a view names groups beyond its own (`not_allowed`)."),
          409: refusal(
            "Somebody changed them meanwhile (`changed_meanwhile`), another admin has a view of this name (`name_taken`), " +
              "or there are too many (`too_many_views`).",
          ),
        },
      },
    },
  };
}
