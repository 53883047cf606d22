import { MAX_BODY_BYTES, MAX_UPDATES, updateSchema, updatesBodySchema } from "../../protocol/updates.ts";
import {
  agentsAnswerSchema,
  closedAnswerSchema,
  errorAnswerSchema,
  healthAnswerSchema,
  localIdentitySchema,
  readyAnswerSchema,
  revocationSchema,
  ticketAnswerSchema,
  updatesAnswerSchema,
} from "./answer-schemas.ts";
import { type Json, json, ref, refusal, schemaOf } from "./json-schema.ts";
import { actionPaths } from "./openapi-actions.ts";
import { alertTestPaths } from "./openapi-alert-test.ts";
import { alertPaths } from "./openapi-alerts.ts";
import { dataPaths } from "./openapi-data.ts";
import { dayPaths } from "./openapi-days.ts";
import { displayPaths } from "./openapi-displays.ts";
import { historyPaths } from "./openapi-history.ts";
import { queuePaths } from "./openapi-queues.ts";
import { signInPaths } from "./openapi-sign-in.ts";
import { viewPaths } from "./openapi-views.ts";

const RETRY_AFTER: Json = { "Retry-After": { description: "Seconds to wait.", schema: { type: "integer" } } };
const UNAUTHORIZED = refusal("Not authorised. The body is the same for every reason.", {
  "WWW-Authenticate": { description: "How to prove who one is.", schema: { type: "string" } },
});
const NO_AUTHORITY =
  "The identity may not see this instance (`not_allowed`), or nobody in it (`no_groups`, `groups_overage`, `too_many_groups`). `message` says what to set.";
const TOO_MANY = refusal("Too many requests.", RETRY_AFTER);
const AGAIN = refusal("The hub is restarting or not configured. The request may be repeated.", RETRY_AFTER);

const header = (name: string, description: string): Json => ({
  name,
  in: "header",
  required: true,
  description,
  schema: { type: "string" },
});
/** Standard Webhooks 1.0.0 over `id.timestamp.body`. */
const SIGNED = [
  header("webhook-id", "The id of the post. All retries have the same one."),
  header("webhook-timestamp", "Unix seconds, within 300 s of the hub's clock."),
];
const SIGNATURE: Json[] = [{ signature: [] }];
const INSTANCE: Json = {
  name: "instanceId",
  in: "path",
  required: true,
  description: "The id of the Amazon Connect instance.",
  schema: { type: "string" },
};

/** Returns the hub's HTTP side as an OpenAPI 3.1 document. */
export function openApi(version: string): Json {
  return {
    openapi: "3.1.1",
    info: {
      title: "Vigía hub",
      version,
      summary: "Live agents and calls of Amazon Connect instances.",
      description: "docs/protocol.md has the rules. docs/asyncapi.json describes the socket.",
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [
      {
        url: "https://{hub}",
        variables: { hub: { default: "vigia.example.com", description: "The address of the deployed Worker." } },
      },
    ],
    paths: {
      "/v1/instances/{instanceId}/updates": {
        parameters: [INSTANCE],
        post: {
          operationId: "postUpdates",
          summary: "Post updates. The hub stores the whole batch or nothing.",
          description: `1 to ${MAX_UPDATES} updates, at most ${MAX_BODY_BYTES} bytes. The order and repetition of posts do not matter: the newest occurredAt wins.`,
          security: SIGNATURE,
          parameters: SIGNED,
          requestBody: { required: true, content: json(ref("Updates")) },
          responses: {
            200: { description: "The updates are stored durably.", content: json(ref("UpdatesAnswer")) },
            400: refusal("The body is not JSON, or an update is invalid (`path` says where). The hub stored nothing."),
            401: UNAUTHORIZED,
            413: refusal("The body is too large."),
            415: refusal("The body is not application/json."),
            429: TOO_MANY,
            503: AGAIN,
          },
        },
      },
      "/v1/instances/{instanceId}/revocations": {
        parameters: [INSTANCE],
        post: {
          operationId: "revokeViewer",
          summary: "Close a viewer's sockets and refuse its tickets until the last has expired.",
          security: SIGNATURE,
          parameters: SIGNED,
          requestBody: { required: true, content: json(ref("Revocation")) },
          responses: {
            200: { description: "How many sockets were closed.", content: json(ref("Closed")) },
            400: refusal("The body has no subject."),
            401: UNAUTHORIZED,
            413: refusal("The body is too large."),
            415: refusal("The body is not application/json."),
            429: TOO_MANY,
            503: AGAIN,
          },
        },
      },
      ...dataPaths({ signed: { security: SIGNATURE, parameters: SIGNED }, INSTANCE, UNAUTHORIZED, TOO_MANY, AGAIN }),
      ...alertPaths({ INSTANCE, UNAUTHORIZED, TOO_MANY, AGAIN }),
      ...dayPaths({ INSTANCE, UNAUTHORIZED, TOO_MANY, AGAIN }),
      ...alertTestPaths({ INSTANCE, UNAUTHORIZED, TOO_MANY, AGAIN }),
      ...displayPaths({ INSTANCE, UNAUTHORIZED, TOO_MANY, AGAIN }),
      ...viewPaths({ INSTANCE, UNAUTHORIZED, TOO_MANY, AGAIN }),
      ...actionPaths({ INSTANCE, UNAUTHORIZED, TOO_MANY, AGAIN }),
      ...queuePaths({ INSTANCE, UNAUTHORIZED, TOO_MANY, AGAIN }),
      ...historyPaths({ INSTANCE, UNAUTHORIZED, TOO_MANY, AGAIN }),
      "/v1/instances/{instanceId}/tickets": {
        parameters: [INSTANCE],
        post: {
          operationId: "getTicket",
          summary: "Buy a ticket for one socket with an identity, or with the secret of a display link.",
          security: [{ identity: [] }, { display: [] }],
          requestBody: { required: false, description: "Only when AUTH_MODE is local.", content: json(ref("LocalIdentity")) },
          responses: {
            200: { description: "The ticket is valid once and for 60 s.", content: json(ref("Ticket")) },
            400: refusal("AUTH_MODE is local, and the identity in the body is malformed."),
            401: UNAUTHORIZED,
            403: refusal(NO_AUTHORITY),
            429: TOO_MANY,
            503: AGAIN,
          },
        },
      },
      "/v1/instances/{instanceId}/live": {
        parameters: [INSTANCE],
        get: {
          operationId: "openSocket",
          summary: "Open the WebSocket. docs/asyncapi.json describes its messages.",
          security: [{ subprotocol: [] }, { address: [] }],
          parameters: [
            {
              name: "epoch",
              in: "query",
              description: "For a resume: the last epoch that the viewer has seen.",
              schema: { type: "string" },
            },
            {
              name: "seq",
              in: "query",
              description: "For a resume: the last seq that the viewer has seen.",
              schema: { type: "integer" },
            },
          ],
          responses: {
            101: { description: "The socket. An invalid ticket closes it with a close code." },
            400: refusal("The subprotocol is unknown."),
            403: refusal("The origin is not allowed."),
            426: refusal("The request is not a WebSocket request."),
            503: AGAIN,
          },
        },
      },
      "/v1/instances/{instanceId}/agents": {
        parameters: [INSTANCE],
        get: {
          operationId: "listAgents",
          summary: "List the agents, for clients without a socket.",
          security: [{ identity: [] }, { ticket: [] }],
          parameters: [{ name: "If-None-Match", in: "header", schema: { type: "string" } }],
          responses: {
            200: {
              description: "The agents that this identity may see.",
              headers: { ETag: { schema: { type: "string" } } },
              content: json(ref("Agents")),
            },
            304: { description: "Nothing has changed since that ETag." },
            401: UNAUTHORIZED,
            403: refusal(NO_AUTHORITY),
            429: TOO_MANY,
            503: AGAIN,
          },
        },
      },
      "/v1/instances/{instanceId}/metrics": {
        parameters: [INSTANCE],
        get: {
          operationId: "readMetrics",
          summary: "Read the metrics as Prometheus text.",
          security: [{ metricsToken: [] }],
          responses: {
            200: { description: "Metrics.", content: { "text/plain": { schema: { type: "string" } } } },
            401: UNAUTHORIZED,
            404: refusal("METRICS_TOKEN is not set."),
            503: AGAIN,
          },
        },
      },
      ...signInPaths({ TOO_MANY, AGAIN }),
      "/healthz": {
        get: {
          operationId: "isAlive",
          summary: "Say that the Worker runs.",
          security: [],
          responses: { 200: { description: "The Worker runs.", content: json(ref("Health")) } },
        },
      },
      "/readyz": {
        get: {
          operationId: "isReady",
          summary: "Say whether the settings are valid and the storage answers.",
          security: [],
          responses: {
            200: { description: "The settings are valid and the storage answers.", content: json(ref("Ready")) },
            503: refusal(
              "A setting is wrong (`not_configured`; `message` names it), or the storage does not answer.",
              RETRY_AFTER,
            ),
          },
        },
      },
    },
    components: {
      securitySchemes: {
        identity: {
          type: "http",
          scheme: "bearer",
          bearerFormat: "JWT",
          description: "A token of the OIDC issuer in AUTH_ISSUER.",
        },
        ticket: { type: "http", scheme: "bearer", description: "An unused ticket." },
        display: { type: "http", scheme: "Display", description: "The secret of a display link." },
        subprotocol: {
          type: "apiKey",
          in: "header",
          name: "Sec-WebSocket-Protocol",
          description: "The subprotocols `hub.v1` and `ticket.<ticket>`.",
        },
        address: { type: "apiKey", in: "query", name: "ticket", description: "A ticket, for legacy viewers." },
        signature: {
          type: "apiKey",
          in: "header",
          name: "webhook-signature",
          description:
            "Standard Webhooks 1.0.0: space-separated `v1,<base64>` HMAC-SHA256 signatures over `id.timestamp.body`. One valid signature is enough.",
        },
        metricsToken: { type: "http", scheme: "bearer" },
      },
      schemas: {
        Update: schemaOf(updateSchema),
        Updates: {
          ...schemaOf(updatesBodySchema),
          properties: { updates: { type: "array", minItems: 1, maxItems: MAX_UPDATES, items: ref("Update") } },
        },
        UpdatesAnswer: schemaOf(updatesAnswerSchema),
        Revocation: schemaOf(revocationSchema),
        Closed: schemaOf(closedAnswerSchema),
        LocalIdentity: schemaOf(localIdentitySchema),
        Ticket: schemaOf(ticketAnswerSchema),
        Agents: schemaOf(agentsAnswerSchema),
        Health: schemaOf(healthAnswerSchema),
        Ready: schemaOf(readyAnswerSchema),
        Error: schemaOf(errorAnswerSchema),
      },
    },
  };
}
