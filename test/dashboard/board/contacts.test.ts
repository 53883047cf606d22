import { describe, expect, it } from "vitest";
import {
  channelCounts,
  contactCount,
  contactToShow,
  freePlaces,
  moreContacts,
  placesInUse,
} from "../../../dashboard/board/model/contacts.ts";
import { statusWords } from "../../../dashboard/board/parts/cells.tsx";
import { contactsWords, listenerWords, placesWords } from "../../../dashboard/board/parts/contact-notes.tsx";
import { createText } from "../../../dashboard/board/text/text.ts";
import type { AgentContactRow, Channel } from "../../../protocol/agent.ts";
import { anAgent, NOON } from "./an-agent.ts";

const [en, es] = [createText("en"), createText("es-MX")];

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
    expect(contactToShow(agent, null, false)).toBe("b");
    expect(contactToShow(agent, "a", false)).toBe("a");
  });

  it("gives way to the next contact after its end, unless the reader chose it.", () => {
    expect(contactToShow(agent, "over", false)).toBe("b");
    expect(contactToShow(agent, "over", true)).toBe("over");
    expect(contactToShow(anAgent(), "over", false)).toBe("over");
    expect(contactToShow(anAgent({ contactId: "next" }), "over", false)).toBe("next");
  });
});
