import * as v from "valibot";
import { CLOSE } from "../../protocol/close-codes.ts";
import { clientMessageSchema, PING, PONG, SUBPROTOCOL, serverMessageSchema, TICKET_PREFIX } from "../../protocol/messages.ts";
import { type Json, schemaOf } from "./json-schema.ts";

const typeSchema = v.object({ type: v.object({ literal: v.string() }) });
/** `[type, schema]` of every member of a variant. */
const members = (options: readonly v.GenericSchema[]): [string, v.GenericSchema][] =>
  options.map((option) => [v.parse(v.object({ entries: typeSchema }), option).entries.type.literal, option]);

const message = (name: string, summary: string, payload: Json): Json => ({
  name,
  summary,
  contentType: "application/json",
  payload,
});
const text = (name: string, word: string, summary: string): Json => ({
  name,
  summary,
  contentType: "text/plain",
  payload: { type: "string", const: word },
});

const SUMMARIES: Record<string, string> = {
  initialAgentList: "First: every agent the viewer may see.",
  agentStatusUpdate: "Legacy viewers: one changed agent with all its fields.",
  agentRemoved: "Legacy viewers: an agent that was removed or is no longer visible.",
  agentStatusBatch: "hub.v1: every visible change in (from, to], changed fields only.",
  resumed: "First after a resume that missed nothing: what changed since, whole.",
  transcript: "The turns of a watched call: first all so far, then new ones.",
  refreshed: "The session lasts longer.",
  error: "Why a message was not understood.",
  watch: "Show me this call's transcript.",
  unwatch: "No longer.",
  refresh: "A new ticket extends the session.",
  resync: "I have missed something: send everything.",
};

/** The socket as an AsyncAPI 3 document, from the viewer's side: it receives what the hub sends. */
export function asyncApi(version: string): Json {
  const received = members(serverMessageSchema.options);
  const sent = members(clientMessageSchema.options);
  const messages = Object.fromEntries(
    [...received, ...sent].map(([type, schema]) => [type, message(type, SUMMARIES[type] ?? type, schemaOf(schema))]),
  );
  const channelRef = { $ref: "#/channels/live" };
  const refs = (names: string[]) => names.map((name) => ({ $ref: `#/channels/live/messages/${name}` }));
  return {
    asyncapi: "3.0.0",
    info: {
      title: "Vigía live socket",
      version,
      description: "Rules with their reasons: docs/protocol.md. The HTTP side: docs/openapi.json.",
      license: { name: "MIT" },
    },
    defaultContentType: "application/json",
    servers: { hub: { host: "vigia.example.com", protocol: "wss", description: "Where the Worker is deployed." } },
    channels: {
      live: {
        address: "/v1/instances/{instanceId}/live",
        description: `Offer the subprotocols ${SUBPROTOCOL} and ${TICKET_PREFIX}<ticket>. Legacy viewers offer no subprotocol and send ?ticket= instead.`,
        parameters: { instanceId: { description: "The id of the Amazon Connect instance." } },
        messages: Object.fromEntries(
          [...Object.keys(messages), "ping", "pong"].map((name) => [name, { $ref: `#/components/messages/${name}` }]),
        ),
        bindings: {
          ws: {
            method: "GET",
            query: {
              type: "object",
              properties: {
                ticket: { type: "string", description: "Legacy viewers only." },
                epoch: { type: "string", description: "Resume: the epoch last seen." },
                seq: { type: "integer", description: "Resume: the seq last seen." },
              },
            },
          },
        },
        "x-close-codes": Object.values(CLOSE).map(({ code, reason }) => ({ code, reason, comeBack: code < 4500 })),
      },
    },
    operations: {
      receive: {
        action: "receive",
        channel: channelRef,
        summary: "What the hub sends.",
        messages: refs([...received.map(([type]) => type), "pong"]),
      },
      send: {
        action: "send",
        channel: channelRef,
        summary: "What a viewer may send.",
        messages: refs([...sent.map(([type]) => type), "ping"]),
      },
    },
    components: {
      messages: {
        ...messages,
        ping: text("ping", PING, "Answered without waking the hub."),
        pong: text("pong", PONG, "The answer to ping."),
      },
    },
  };
}
