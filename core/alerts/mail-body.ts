import type { MessageText } from "./message-text.ts";

/** A subject may have 998 characters (RFC 5322, 2.1.1), and people read no more than these. */
const MAX_SUBJECT = 150;

/** The words of an e-mail. */
export interface MailBody {
  readonly subject: string;
  readonly text: string;
}

/** Writes a message as an e-mail of plain text. @param boardUrl the link at its end; null = none */
export function mailBody({ subject, lines, openBoard }: MessageText, boardUrl: string | null): MailBody {
  const link = boardUrl === null ? [] : ["", `${openBoard}: ${boardUrl}`];
  // A line break would end the header of the subject.
  const oneLine = subject.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, " ");
  return { subject: [...oneLine].slice(0, MAX_SUBJECT).join(""), text: [...lines, ...link].join("\n") };
}
