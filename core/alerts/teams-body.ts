import type { MessageText } from "./message-text.ts";

/** A run of text without Markdown, so that a name can make no link (Adaptive Cards schema explorer, TextRun, 1.2). */
interface CardText {
  readonly type: "RichTextBlock";
  readonly inlines: readonly { readonly type: "TextRun"; readonly text: string; readonly weight?: "Bolder" }[];
}

interface AdaptiveCard {
  readonly $schema: "http://adaptivecards.io/schemas/adaptive-card.json";
  readonly type: "AdaptiveCard";
  readonly version: "1.4";
  readonly body: readonly CardText[];
  readonly actions?: readonly { readonly type: "Action.OpenUrl"; readonly title: string; readonly url: string }[];
}

/** What a workflow of Microsoft Teams takes. Its standard template fails on a body without `attachments`. */
export interface TeamsBody {
  readonly type: "message";
  readonly attachments: readonly {
    readonly contentType: "application/vnd.microsoft.card.adaptive";
    readonly contentUrl: null;
    readonly content: AdaptiveCard;
  }[];
}

/** Writes a message for a workflow of Microsoft Teams: one Adaptive Card. @param boardUrl where its button leads; null = no button */
export function teamsBody({ subject, lines, openBoard }: MessageText, boardUrl: string | null): TeamsBody {
  const details = lines.length === 1 && lines[0] === subject ? [] : lines;
  const content: AdaptiveCard = {
    $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
    type: "AdaptiveCard",
    version: "1.4",
    body: [
      { type: "RichTextBlock", inlines: [{ type: "TextRun", text: subject, weight: "Bolder" }] },
      ...details.map((text): CardText => ({ type: "RichTextBlock", inlines: [{ type: "TextRun", text }] })),
    ],
    ...(boardUrl === null ? {} : { actions: [{ type: "Action.OpenUrl", title: openBoard, url: boardUrl }] }),
  };
  return {
    type: "message",
    attachments: [{ contentType: "application/vnd.microsoft.card.adaptive", contentUrl: null, content }],
  };
}
