import type { KnownBlock } from "@slack/types";
import { build } from "esbuild";
import { beforeAll, describe, expect, test } from "vitest";
import { mailBody } from "../../../core/alerts/mail-body.ts";
import { type MessageText, messageText, testText } from "../../../core/alerts/message-text.ts";
import { Outbox } from "../../../core/alerts/outbox.ts";
import { WallClock } from "../../../core/alerts/quiet-hours.ts";
import { slackBody } from "../../../core/alerts/slack-body.ts";
import { teamsBody } from "../../../core/alerts/teams-body.ts";
import { webhookBody } from "../../../core/alerts/webhook-body.ts";
import type * as AdaptiveCards from "./adaptive-cards.ts";
import { sampleChange, TEAMS } from "./sample-changes.ts";
import { MINUTE, SECOND, T0 } from "./sample-facts.ts";

const BOARD = "https://board.example.com/?instance=i1";
const CLOCK = new WallClock("UTC");
/** Four bytes in UTF-8, and three escaped characters for Slack. */
const LONG_NAME = "🦆&<>*_[x](https://evil.example)".repeat(9).slice(0, 256);

/** The message about so many alerts at once. */
function messageAbout(count: number, name: string) {
  const outbox = new Outbox([TEAMS], null);
  const changes = Array.from({ length: count }, (_, n) =>
    sampleChange("fired", T0, { alertId: `acw:A${n}:${T0}`, subjectName: name, rule: { title: LONG_NAME.slice(0, 100) } }),
  );
  outbox.addChanges(changes, T0);
  const [message] = outbox.dueMessages(T0 + 2 * MINUTE, 1);
  if (message === undefined) throw new Error("The outbox has no message.");
  return { message, text: messageText(message, TEAMS, CLOCK) };
}

describe("The body for Microsoft Teams", () => {
  let judge: typeof AdaptiveCards;
  beforeAll(async () => {
    const entryPoints = ["test/core/alerts/adaptive-cards.ts"];
    const { outputFiles } = await build({
      entryPoints,
      bundle: true,
      write: false,
      platform: "node",
      format: "esm",
      logLevel: "error",
    });
    judge = await import(`data:text/javascript;base64,${Buffer.from(outputFiles[0]?.contents ?? "").toString("base64")}`);
  });

  function complaints(card: unknown): string[] {
    const context = new judge.SerializationContext(judge.Versions.v1_4);
    const parsed = new judge.AdaptiveCard();
    parsed.parse(card, context);
    const events = Array.from({ length: context.eventCount }, (_, index) => context.getEventAt(index).message);
    return [...events, ...parsed.validateProperties().validationEvents.map((event) => JSON.stringify(event))];
  }

  test("MSG-1 Microsoft's own library finds no mistake in the card of one alert, of a digest and of a test.", () => {
    for (const text of [messageAbout(1, "Ana").text, messageAbout(500, LONG_NAME).text, testText("es")]) {
      for (const board of [BOARD, null]) {
        const { type, attachments } = teamsBody(text, board);
        expect(type).toBe("message");
        expect(attachments).toHaveLength(1);
        expect(attachments[0]).toMatchObject({ contentType: "application/vnd.microsoft.card.adaptive", contentUrl: null });
        expect(complaints(attachments[0]?.content)).toEqual([]);
      }
    }
  });

  test("MSG-1 That library does find mistakes: a wrong element, a link without address, a card without version.", () => {
    const card = teamsBody(testText("en"), BOARD).attachments[0]?.content;
    expect(complaints({ ...card, body: [{ type: "RichText", inlines: [] }] })).not.toEqual([]);
    expect(complaints({ ...card, actions: [{ type: "Action.OpenUrl", title: "x" }] })).not.toEqual([]);
    expect(complaints({ ...card, version: undefined })).not.toEqual([]);
  });

  test("MSG-1 The card of the greatest digest has less than 20 kB, and names are in runs without Markdown.", () => {
    const body = teamsBody(messageAbout(500, LONG_NAME).text, BOARD);
    expect(Buffer.byteLength(JSON.stringify(body))).toBeLessThan(20_000);
    const elements = body.attachments[0]?.content.body ?? [];
    expect(new Set(elements.map(({ type }) => type))).toEqual(new Set(["RichTextBlock"]));
    expect(elements).toHaveLength(14);
  });
});

describe("The body for Slack", () => {
  test("MSG-2 It has the shape of Slack's own types, and stays within their limits.", () => {
    for (const text of [messageAbout(1, LONG_NAME).text, messageAbout(500, LONG_NAME).text, testText("en")]) {
      const body = slackBody(text, BOARD);
      // The compiler compares the blocks with Slack's types here.
      const blocks: readonly KnownBlock[] = body.blocks;
      expect(blocks.length).toBeLessThanOrEqual(50);
      for (const block of body.blocks) if (block.type === "section") expect(block.text.text.length).toBeLessThanOrEqual(3_000);
      expect(body.text.length).toBeGreaterThan(0);
    }
  });

  test("MSG-2 A queue named like a mention calls nobody.", () => {
    const body = slackBody(messageAbout(1, "<!channel> & <@U123>").text, null);
    const shown = JSON.stringify(body);
    expect(shown).toContain("&lt;!channel&gt; &amp; &lt;@U123&gt;");
    expect(shown).not.toMatch(/<[!@]/);
    expect(body.blocks).toHaveLength(1);
  });
});

describe("The body for an own webhook", () => {
  const body = (text: MessageText, { notes, createdAt }: ReturnType<typeof messageAbout>["message"], withNames: boolean) =>
    webhookBody(text, { instanceId: "i1", centerName: "Ventas", createdAt, notes, withNames, boardUrl: BOARD });

  test("MSG-3 It has the words, and each alert as data.", () => {
    const { message, text } = messageAbout(1, "Ana");
    expect(body(text, message, true)).toEqual({
      type: "alert.fired",
      timestamp: new Date(T0 + 2 * MINUTE).toISOString(),
      data: {
        instanceId: "i1",
        centerName: "Ventas",
        subject: text.subject,
        lines: [...text.lines],
        boardUrl: BOARD,
        alerts: [
          {
            alertId: `acw:A0:${T0}`,
            event: "fired",
            at: T0,
            rule: "acw",
            severity: "warning",
            watch: "statusTime",
            about: "agent",
            name: "Ana",
            value: 300,
            limit: 300,
          },
        ],
      },
    });
  });

  test("MSG-3 A digest has all alerts, and no name when the target wants none.", () => {
    const { message, text } = messageAbout(500, "Ana");
    const { type, data } = body(text, message, false);
    expect([type, data.alerts.length, data.alerts[0]?.name]).toEqual(["alert.digest", 500, null]);
    expect(JSON.stringify(body(text, { ...message, notes: [] }, true))).toContain('"alert.test"');
  });

  test("OUT-6 A telephone number in the name of a queue is left out of the data too.", () => {
    const outbox = new Outbox([TEAMS], null);
    const queue = { alertId: `q:q1:${T0}`, subject: { queueId: "q1" }, subjectName: "Ventas +52 55 1234 5678" };
    outbox.addChanges([sampleChange("fired", T0, queue)], T0);
    const [message] = outbox.dueMessages(T0 + 5 * SECOND, 1);
    if (message === undefined) throw new Error("The outbox has no message.");
    expect(body(messageText(message, TEAMS, CLOCK), message, false).data.alerts[0]?.name).toBe("Ventas …");
  });
});

describe("The body of an e-mail", () => {
  test("MSG-4 The subject is one line of at most 150 characters, and the link is the last line.", () => {
    const { subject, text } = mailBody(
      { subject: `a\r\nBcc: x ${"y".repeat(300)}`, lines: ["one", "two"], openBoard: "Open" },
      BOARD,
    );
    expect(subject).toMatch(/^a Bcc: x y+$/);
    expect(subject).toHaveLength(150);
    expect(text).toBe(`one\ntwo\n\nOpen: ${BOARD}`);
    expect(mailBody(testText("en"), null).text).toBe(testText("en").lines[0]);
  });
});
