import * as v from "valibot";
import { CLOSE } from "../../protocol/close-codes.ts";
import { clientMessageSchema, PING, PONG, SUBPROTOCOL, serverMessageSchema, TICKET_PREFIX } from "../../protocol/messages.ts";
import { type Json, schemaOf } from "./json-schema.ts";

const typeSchema = v.object({ type: v.object({ literal: v.string() }) });
/** Returns `[type, schema]` for every member of a variant. */
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
  initialAgentList: "The first message: every agent that the viewer may see.",
  agentStatusUpdate: "Legacy viewers: one changed agent with all its fields.",
  agentRemoved: "Legacy viewers: an agent that was removed or is no longer visible.",
  agentStatusBatch: "hub.v1: every visible change in (from, to], with the changed fields only.",
  resumed: "The first message after a resume: the agents that have changed since, with all their fields.",
  transcript: "The turns of a watched call: first all turns so far, then each new one.",
  refreshed: "The hub has extended the session.",
  error: "The reason why the hub did not understand a message.",
  watch: "Asks for the transcript of a call.",
  unwatch: "Ends the transcript of a call.",
  refresh: "Extends the session with a new ticket.",
  resync: "Asks for the whole list, because the viewer has missed a message.",
};

/** Returns the socket as an AsyncAPI 3 document from the viewer's side: `receive` has the messages of the hub. */
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
      description: "docs/protocol.md has the rules. docs/openapi.json describes the HTTP side.",
      license: { name: "MIT" },
    },
    defaultContentType: "application/json",
    servers: { hub: { host: "vigia.example.com", protocol: "wss", description: "The address of the deployed Worker." } },
    channels: {
      live: {
        address: "/v1/instances/{instanceId}/live",
        description: `A viewer offers the subprotocols ${SUBPROTOCOL} and ${TICKET_PREFIX}<ticket>. Legacy viewers offer no subprotocol and send ?ticket= instead.`,
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
                epoch: { type: "string", description: "For a resume: the last epoch that the viewer has seen." },
                seq: { type: "integer", description: "For a resume: the last seq that the viewer has seen." },
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
        summary: "The messages of the hub.",
        messages: refs([...received.map(([type]) => type), "pong"]),
      },
      send: {
        action: "send",
        channel: channelRef,
        summary: "The messages that a viewer may send.",
        messages: refs([...sent.map(([type]) => type), "ping"]),
      },
    },
    components: {
      messages: {
        ...messages,
        ping: text("ping", PING, "The runtime answers it without waking the hub."),
        pong: text("pong", PONG, "The answer to ping."),
      },
    },
  };
}
