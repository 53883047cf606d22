import { describe, expect, test } from "vitest";
import { PHRASES, selectPhrases } from "../../../local/phrases/phrase-book.ts";
import type { WrittenUtterance } from "../../../local/simulator/live-call.ts";
import { countOnHub, TurnAudit } from "../../../local/start/turn-audit.ts";
import type { Turn } from "../../../protocol/messages.ts";
import { NOON } from "../../support/updates.ts";

const MINUTE = 60_000;
const [first, second] = selectPhrases({ language: "es", role: "customer" });
const [answer] = selectPhrases({ language: "es", role: "agent" });
if (first === undefined || second === undefined || answer === undefined) throw new Error("The phrase book is empty.");

const said = (phrase: WrittenUtterance["phrase"], beginMs: number): WrittenUtterance => ({
  phrase,
  beginMs,
  endMs: beginMs + 2_000,
});
const CALL = [said(first, 1_000), said(answer, 4_000), said(second, 8_000), said(first, 12_000)];

function heard({ phrase, beginMs, endMs }: WrittenUtterance, change: Partial<Turn> = {}): Turn {
  return {
    turnId: `${phrase.role}-${beginMs}`,
    role: phrase.role,
    beginMs: beginMs + 100,
    endMs,
    text: phrase.text,
    final: true,
    sentiment: null,
    occurredAt: NOON,
    ...change,
  };
}

describe("The count of turns on the hub", () => {
  test("It has every utterance that the hub has as a final turn of the same speaker, words and place.", () => {
    expect(
      countOnHub(
        CALL,
        CALL.map((one) => heard(one)),
      ),
    ).toBe(4);
    expect(countOnHub(CALL, [])).toBe(0);
  });

  test.each<[string, Partial<Turn>]>([
    ["is only partial", { final: false }],
    ["has the words of another phrase", { text: second.text }],
    ["has words that nobody said", { text: "¿Bueno?" }],
    ["belongs to the other speaker", { role: "agent" }],
    ["is elsewhere in the call", { beginMs: 20_000 }],
    ["was withdrawn", { text: "" }],
  ])("It leaves out an utterance whose turn %s.", (_, change) => {
    expect(
      countOnHub(
        CALL,
        CALL.map((one, index) => heard(one, index === 0 ? change : {})),
      ),
    ).toBe(3);
    expect(
      countOnHub(
        CALL,
        CALL.slice(1).map((one) => heard(one)),
      ),
    ).toBe(3);
  });

  test("One turn counts for one utterance, although the same words were said twice.", () => {
    const twice = [said(first, 1_000), said(first, 2_000)];
    expect(countOnHub(twice, [heard(said(first, 1_500))])).toBe(1);
  });

  test("A turn whose words are withheld counts by its speaker and place.", () => {
    expect(
      countOnHub(
        CALL,
        CALL.map((one) => heard(one, { text: "[PII]" })),
      ),
    ).toBe(4);
    expect(
      countOnHub(
        [said(first, 20_000)],
        CALL.map((one) => heard(one, { text: "[PII]" })),
      ),
    ).toBe(0);
  });

  test("A redacted turn counts for its phrase.", () => {
    const personal = PHRASES.find(({ personalData }) => personalData.length === 1);
    const [data] = personal?.personalData ?? [];
    if (personal === undefined || data === undefined) throw new Error("The phrase book has no personal data.");
    const text = `${personal.text.slice(0, data.begin)}[${data.type}]${personal.text.slice(data.end)}`;
    expect(countOnHub([said(personal, 0)], [heard(said(personal, 0), { text })])).toBe(1);
  });
});

describe("The audit of calls", () => {
  test("It asks for a call until the hub has everything, and then no more.", async () => {
    const asked: string[][] = [];
    let turns: Turn[] = [];
    const audit = new TurnAudit(async (ids) => {
      asked.push([...ids]);
      return new Map(ids.map((id) => [id, turns]));
    });
    audit.addCall("call-1", CALL, NOON);
    audit.addCall("call-2", [], NOON);
    await audit.check(NOON);
    expect([audit.missing, audit.count()]).toEqual([4, { said: 4, onHub: 0 }]);
    expect(audit.incompleteCalls()).toEqual([{ contactId: "call-1", said: 4, onHub: 0 }]);
    turns = CALL.map((one) => heard(one));
    await audit.check(NOON + 1);
    expect([audit.missing, audit.count()]).toEqual([0, { said: 4, onHub: 4 }]);
    await audit.check(NOON + 2);
    expect(asked).toEqual([["call-1"], ["call-1"], []]);
  });

  test("It judges a call before the hub deletes its turns, and keeps what was found when the hub is away.", async () => {
    let isAway = false;
    const audit = new TurnAudit(async (ids) => {
      if (isAway) throw new Error("away");
      return new Map(ids.map((id) => [id, CALL.slice(1).map((one) => heard(one))]));
    });
    audit.addCall("call-1", CALL, NOON);
    await audit.check(NOON);
    isAway = true;
    await audit.check(NOON + 9 * MINUTE);
    expect([audit.missing, audit.count()]).toEqual([0, { said: 4, onHub: 3 }]);
  });
});
