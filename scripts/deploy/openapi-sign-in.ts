import * as v from "valibot";
import type { ConfigAnswer, SignInConfig } from "../../protocol/answers.ts";
import { type Json, json, refusal, schemaOf } from "./json-schema.ts";
import type { SharedParts } from "./openapi-data.ts";

const signInSchema: v.GenericSchema<SignInConfig> = v.object({
  issuer: v.string(),
  clientId: v.string(),
  scopes: v.string(),
  authorizationEndpoint: v.string(),
  tokenEndpoint: v.string(),
  endSessionEndpoint: v.nullable(v.string()),
  signOutUrl: v.nullable(v.string()),
  prompt: v.nullable(v.string()),
});
const configAnswerSchema: v.GenericSchema<ConfigAnswer> = v.object({
  local: v.boolean(),
  signIn: v.nullable(signInSchema),
  instanceKnown: v.exactOptional(v.boolean()),
  serverTime: v.number(),
});
const formSchema = v.object({
  code: v.optional(v.string()),
  code_verifier: v.optional(v.string()),
  refresh_token: v.optional(v.string()),
});

/** Returns the addresses with which the hub's page signs people in. */
export function signInPaths({ TOO_MANY, AGAIN }: Pick<SharedParts, "TOO_MANY" | "AGAIN">): Json {
  return {
    "/v1/config": {
      get: {
        operationId: "readConfig",
        summary: "Say how the page signs people in, and with `instance` whether the hub knows that instance.",
        security: [],
        parameters: [{ name: "instance", in: "query", required: false, schema: { type: "string" } }],
        responses: {
          200: { description: "Nothing in it is secret.", content: json(schemaOf(configAnswerSchema)) },
          429: TOO_MANY,
          503: AGAIN,
        },
      },
    },
    "/v1/signin/token": {
      post: {
        operationId: "relayToken",
        summary: "Pass a code or a refresh token on to the issuer, for the hub's own page.",
        security: [],
        requestBody: { required: true, content: { "application/x-www-form-urlencoded": { schema: schemaOf(formSchema) } } },
        responses: {
          200: { description: "The issuer's answer (RFC 6749 §5.1).", content: json({ type: "object" }) },
          400: { description: "The form is not whole, or the issuer's refusal.", content: json({ type: "object" }) },
          403: refusal("The page is not the hub's own."),
          404: refusal("AUTH_TOKEN_RELAY is not true."),
          429: TOO_MANY,
          503: AGAIN,
        },
      },
    },
  };
}
