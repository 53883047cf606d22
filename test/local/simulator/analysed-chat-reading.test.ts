import { expect, test } from "vitest";
import { ChatContacts } from "../../../aws-ingest/connect/chat-contacts.ts";
import { readChatRecord } from "../../../aws-ingest/connect/chat-segment.ts";
import { PHRASES, redactedText } from "../../../local/phrases/phrase-book.ts";

import { AnalysedChat, type ChatAnalysisRecord } from "../../../local/simulator/analysed-chat.ts";
import type { ChatMessage } from "../../../local/simulator/chat.ts";

const BEGUN = Date.parse("2026-03-02T14:05:40.000Z");
const HOME = { accountId: "111122223333", region: "us-east-1", instanceId: "a8c17f30-f72c-4900-abd2-8745056c4c99" };

function phraseMessage(id: string, role: "customer" | "agent", fits: (phrase: (typeof PHRASES)[number]) => boolean): ChatMessage {
  const phrase = PHRASES.find((one) => one.role === role && fits(one));
  if (phrase === undefined) throw new Error("The book has no such phrase.");
  return { id, role, text: phrase.text, phrase };
}

test("A simulated chat becomes the records of Contact Lens, which the function reads without a flaw.", () => {
  const records: ChatAnalysisRecord[] = [];
  const chat = new AnalysedChat(HOME, "chat", "es", (record) => records.push(record));
  const personal = phraseMessage("m-2", "customer", ({ personalData }) => personalData.length > 0);
  const issue = phraseMessage("m-3", "customer", ({ stage }) => stage === "issue");
  const category = phraseMessage("m-4", "agent", () => true);
  const messages = [{ id: "m-1", role: "bot" as const, text: "Hola.", phrase: null }, personal, issue, category];
  for (const [index, message] of messages.entries()) {
    chat.addMessage(message, BEGUN + index * 1000);
    chat.writeDue(BEGUN + index * 1000 + 1000);
  }
  chat.writeEnd();
  expect(records.map(({ StreamingEventType }) => StreamingEventType)).toEqual([
    "STARTED",
    "SEGMENTS",
    "SEGMENTS",
    "SEGMENTS",
    "SEGMENTS",
    "COMPLETED",
  ]);

  const known = new ChatContacts();
  const updates = records.flatMap((record, index) => {
    const reading = readChatRecord(JSON.parse(JSON.stringify(record)), HOME.instanceId);
    if (reading.outcome !== "read") throw new Error(JSON.stringify(reading));
    expect(reading.flaws).toEqual({ cut: 0, skipped: 0 });
    return known.addRecord(reading.value, BEGUN + index * 1000 + 500);
  });
  const turns = updates.filter((update) => update.type === "contact.turn");
  expect(turns.map(({ turnId, role, beginMs }) => [turnId, role, beginMs])).toEqual([
    ["m-2", "customer", 1000],
    ["m-3", "customer", 2000],
    ["m-4", "agent", 3000],
  ]);
  if (personal.phrase !== null) expect(turns[0]?.text).toBe(redactedText(personal.phrase));
  expect(turns[1]?.issues).toHaveLength(1);
  expect(updates.at(-1)).toMatchObject({ type: "contact.ended", contactId: "chat" });
});
