import { describe, expect, it } from "vitest";
import {
  channelCounts,
  contactCount,
  freePlaces,
  hasContact,
  moreContacts,
  placesInUse,
} from "../../../dashboard/board/model/contacts.ts";
import { nextShown } from "../../../dashboard/board/model/shown-contact.ts";
import { statusWords } from "../../../dashboard/board/parts/cells.tsx";
import { contactsWords, listenerWords, placesWords } from "../../../dashboard/board/parts/contact-notes.tsx";
import { createText } from "../../../dashboard/board/text/text.ts";
import type { AgentContactRow, Channel } from "../../../protocol/agent.ts";
import { anAgent, NOON } from "./an-agent.ts";

const [en, es] = [createText("en"), createText("es-MX")];

const NO_SCORE = { score: null, quarters: [null, null, null, null], recent: null };

function aRow(contactId: string, channel: Channel = "chat", queue: string | null = "Web"): AgentContactRow {
  return {
    contactId,
    channel,
    status: "on a contact",
    since: NOON,
    startedAt: NOON,
    queue,
    direction: null,
    sentimentScore: null,
  };
}

describe("The status of an agent", () => {
  it("names the channel of the contact.", () => {
    const words = (channel: Channel | null) =>
      [en, es].map((text) => statusWords(anAgent({ status: "on a contact", channel }), text));
    expect(words("chat")).toEqual(["On a chat", "En chat"]);
    expect(words("task")).toEqual(["On a task", "En una tarea"]);
    expect(words("email")).toEqual(["On an e-mail", "En un correo"]);
    expect(words(null)).toEqual(["On a contact", "En contacto"]);
    expect(statusWords(anAgent({ status: "on a call", channel: "voice" }), en)).toBe("On a call");
  });
});

describe("The contacts of an agent", () => {
  const three = anAgent({ contactId: "a", contacts: [aRow("a"), aRow("b"), aRow("c", "voice", null)], contactCount: 12 });

  it("are counted also when the list is shorter, and one at most from an older hub.", () => {
    expect([contactCount(three), moreContacts(three)]).toEqual([12, 11]);
    expect([contactCount(anAgent({ contactId: "a" })), moreContacts(anAgent())]).toEqual([1, 0]);
  });

  it("are told by channel and queue, with the number of those that are left out.", () => {
    expect(contactsWords(three, en)).toEqual(["Chat: Web", "Chat: Web", "Voice", "and 9 more contacts"]);
    expect(contactsWords(anAgent(), en)).toEqual([]);
    expect(channelCounts(three.contacts ?? [])).toEqual([
      { channel: "chat", count: 2 },
      { channel: "voice", count: 1 },
    ]);
  });

  it("take places, of which only those of a channel with several are worth a word.", () => {
    const capacity = [
      { channel: "voice" as const, used: 1, max: 1 },
      { channel: "chat" as const, used: 3, max: 4 },
      { channel: "task" as const, used: 0, max: 10 },
    ];
    expect(placesWords(placesInUse({ capacity }), es)).toEqual(["Chat 3 de 4"]);
    expect(freePlaces({ capacity })).toBe(11);
    expect(freePlaces({ capacity: [] })).toBeNull();
    expect(freePlaces({})).toBeNull();
  });

  it("may have listeners whose names the viewer does not know.", () => {
    const listening = [
      { agentId: "l", name: "Laura", since: NOON },
      { agentId: null, name: null, since: NOON },
    ];
    expect(listenerWords({ listening }, es)).toEqual(["Laura", "alguien"]);
  });
});

describe("The contact in the panel", () => {
  const agent = anAgent({ contactId: "b", contacts: [aRow("b"), aRow("a")] });

  it("is the deciding one at first, and stays when another one decides.", () => {
    const first = nextShown(agent, null, null);
    expect(first?.contactId).toBe("b");
    expect(nextShown({ ...agent, contactId: "a" }, first, null)?.contactId).toBe("b");
  });

  it("stays after its end with all that was known of it, and the reader's choice comes first.", () => {
    const sentiment = { customer: { score: -2, quarters: [-2, null, null, null], recent: null }, agent: NO_SCORE };
    const live = nextShown({ ...agent, sentiment, categories: ["Refund"] }, null, null);
    const next = anAgent({ contactId: "next", contacts: [aRow("next")] });
    const over = nextShown(next, live, null);
    expect(over).toMatchObject({ contactId: "b", row: { contactId: "b" }, memory: { sentiment, categories: ["Refund"] } });
    expect(hasContact(next, "b")).toBe(false);
    expect(nextShown(next, over, "next")).toMatchObject({ contactId: "next", previous: { contactId: "b" } });
    expect(nextShown(anAgent(), null, "linked")).toMatchObject({ contactId: "linked", row: null });
    expect(nextShown(anAgent(), null, null)).toBeNull();
  });

  it("keeps its score during after contact work, when the hub sends none.", () => {
    const sentiment = { customer: { score: 3, quarters: [3, null, null, null], recent: null }, agent: NO_SCORE };
    const live = nextShown({ ...agent, sentiment }, null, null);
    const after = nextShown({ ...agent, status: "after call work", sentiment: null }, live, null);
    expect(after?.memory.sentiment).toBe(sentiment);
  });
});
