import type { MessageText } from "./message-text.ts";

/** Slack refuses a section whose text has more than 3,000 characters (docs.slack.dev, Block Kit, section block, 2026-11). */
const MAX_SECTION = 3_000;

interface SlackSection {
  readonly type: "section";
  /** `verbatim` keeps Slack from making links and mentions out of names. */
  readonly text: { readonly type: "mrkdwn"; readonly text: string; readonly verbatim: true };
}
interface SlackActions {
  readonly type: "actions";
  readonly elements: {
    readonly type: "button";
    readonly text: { readonly type: "plain_text"; readonly text: string };
    readonly url: string;
  }[];
}

/** The body of a Slack incoming webhook. */
export interface SlackBody {
  /** What a notification shows. */
  readonly text: string;
  readonly blocks: readonly (SlackSection | SlackActions)[];
}

/** Writes a message for a Slack incoming webhook. @param boardUrl where the button leads; null = no button */
export function slackBody({ subject, lines, openBoard }: MessageText, boardUrl: string | null): SlackBody {
  const [head, ...rest] =
    lines.length === 1 && lines[0] === subject ? [escaped(subject)] : [`*${escaped(subject)}*`, ...lines.map(escaped)];
  const button: SlackActions[] =
    boardUrl === null
      ? []
      : [{ type: "actions", elements: [{ type: "button", text: { type: "plain_text", text: openBoard }, url: boardUrl }] }];
  return { text: escaped(subject), blocks: [...sectionsOf([head ?? "", ...rest]), ...button] };
}

/** Packs lines into as few sections as hold them. */
function sectionsOf(lines: readonly string[]): SlackSection[] {
  const texts: string[] = [];
  for (const line of lines) {
    const last = texts.at(-1);
    if (last !== undefined && last.length + 1 + line.length <= MAX_SECTION) texts[texts.length - 1] = `${last}\n${line}`;
    else texts.push(line);
  }
  return texts.map((text) => ({ type: "section", text: { type: "mrkdwn", text, verbatim: true } }));
}

/** Escapes the three characters of Slack's control sequences. A queue named `<!channel>` would call everybody. */
function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
