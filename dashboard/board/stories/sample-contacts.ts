import type { AgentContactRow, AgentPatch } from "../../../protocol/agent.ts";

function contact(fields: Partial<AgentContactRow> & Pick<AgentContactRow, "contactId" | "since">): AgentContactRow {
  return {
    channel: "chat",
    status: "on a contact",
    startedAt: fields.since,
    queue: "Chat web",
    direction: "inbound",
    sentimentScore: null,
    ...fields,
  };
}

const CALL_OF_NESTOR = "b373d225-c6c8-48eb-b7ec-e3ce4135a709";
export const CHAT_OF_NESTOR = "chat-of-nestor";

/** What some agents of the sample center have besides a call: chats, a next status, a supervisor who listens. */
export function sampleContacts(now: number): AgentPatch[] {
  const ago = (seconds: number) => now - seconds * 1000;
  return [
    {
      agentId: "agent-9",
      contactCount: 3,
      contacts: [
        contact({
          contactId: CALL_OF_NESTOR,
          channel: "voice",
          status: "on a call",
          since: ago(476),
          queue: "Soporte N1",
          sentimentScore: 3.1,
        }),
        contact({ contactId: CHAT_OF_NESTOR, since: ago(250), sentimentScore: 1 }),
        contact({ contactId: "second-chat-of-nestor", since: ago(80) }),
      ],
      capacity: [
        { channel: "voice", used: 1, max: 1 },
        { channel: "chat", used: 2, max: 4 },
      ],
      routingProfile: "Chat",
    },
    {
      agentId: "agent-16",
      status: "on a contact",
      channel: "chat",
      queue: "Chat web",
      contactCount: 3,
      contacts: [
        contact({ contactId: "b373d225-c6c8-48eb-b7ec-e3ce4135a716", since: ago(318), sentimentScore: 1.1 }),
        contact({ contactId: "second-chat-of-ximena", since: ago(120) }),
        contact({ contactId: "third-chat-of-ximena", since: ago(20), status: "ringing", startedAt: null }),
      ],
      capacity: [{ channel: "chat", used: 3, max: 5 }],
      nextStatus: "Comida",
      routingProfile: "Chat",
    },
    { agentId: "agent-6", listening: [{ agentId: "laura", name: "Laura Medina", since: ago(40) }] },
  ];
}
