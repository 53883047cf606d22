import type { Watch } from "../../protocol/alert-rules.ts";
import type { AlertNote } from "./alert-note.ts";
import { MESSAGE_WORDS, type MessageWords } from "./message-words.ts";
import type { AlertTarget } from "./outbox.ts";
import type { OutboxMessage } from "./outbox-lane.ts";
import type { WallClock } from "./quiet-hours.ts";

/** Lines of a digest. With names of 256 characters and four bytes each, they stay below the 20 kB of a Teams card. */
const MAX_LINES = 12;
/** A name takes no more of a line. */
const MAX_NAME = 80;

/** The text of one message: plain, without markup. The sender of each kind of target escapes it as its receiver asks. */
export interface MessageText {
  /** Fits the subject of an e-mail and a notification. */
  readonly subject: string;
  readonly lines: readonly string[];
  /** The words of the link to the board. */
  readonly openBoard: string;
}

/**
 * Writes the text of a message in the language of its target.
 * @param center the name of the contact center, before the subject: a team may get messages of several. null = it has none
 */
export function messageText(
  { notes }: OutboxMessage,
  target: AlertTarget,
  clock: WallClock,
  center: string | null = null,
): MessageText {
  const words = MESSAGE_WORDS[target.language];
  // The gravest first, in the order in which they happened.
  const sorted = [...notes].sort((a, b) => rank(a) - rank(b) || a.at - b.at);
  const lines = sorted.map((note) => lineOf(note, words, target.withNames, clock));
  const [first = ""] = lines;
  const { openBoard } = words;
  if (notes.length === 1)
    return { subject: headed(first, center), lines: center === null ? lines : [headed(first, center)], openBoard };
  const rest = lines.length - MAX_LINES;
  const shown = rest > 0 ? [...lines.slice(0, MAX_LINES), `… ${rest} ${words.more}`] : lines;
  return { subject: headed(`${notes.length} ${words.alerts}: ${countsOf(notes, words)}`, center), lines: shown, openBoard };
}

/** The text of a message that an admin sends to try a target. */
export function testText(language: AlertTarget["language"], center: string | null = null): MessageText {
  const { test, openBoard } = MESSAGE_WORDS[language];
  const subject = headed(test, center);
  return { subject, lines: [subject], openBoard };
}

function headed(text: string, center: string | null): string {
  return center === null ? text : `${center} · ${text}`;
}

function rank({ event, severity }: AlertNote): number {
  if (event === "resolved") return 2;
  return severity === "critical" ? 0 : 1;
}

function countsOf(notes: readonly AlertNote[], words: MessageWords): string {
  const heads = [words.critical, words.warning, words.resolved];
  const counts = heads.map((head, index) => ({ head, count: notes.filter((note) => rank(note) === index).length }));
  return counts
    .filter(({ count }) => count > 0)
    .map(({ head, count }) => `${head} ${count}`)
    .join(", ");
}

/** For example: "Critical · Ana López: after-contact work · 5:00 (limit 5:00) · 10:05". */
function lineOf(note: AlertNote, words: MessageWords, withNames: boolean, clock: WallClock): string {
  const head = note.event === "resolved" ? words.resolved : words[note.severity];
  const what = note.title ?? (note.status === null ? standardOf(note.watch, words) : words.statuses[note.status]);
  const measured =
    note.event === "resolved" || !isWatch(note.watch, words) || (note.value === 0 && note.limit === 0)
      ? []
      : [`${figure(note.watch, note.value)} (${words.limit} ${figure(note.watch, note.limit)})`];
  const { minute } = clock.read(note.at);
  return [head, `${subjectOf(note, words, withNames)}: ${withoutNumbers(what)}`, ...measured, `${hhmm(minute)}`].join(" · ");
}

function standardOf(watch: string, words: MessageWords): string {
  return isWatch(watch, words) ? words.watches[watch] : words.deletedRule;
}

function isWatch(watch: string, { watches }: MessageWords): watch is Watch {
  return Object.hasOwn(watches, watch);
}

function subjectOf({ about, subjectName }: AlertNote, words: MessageWords, withNames: boolean): string {
  // The name of a queue is no person's.
  const name = about === "queue" || withNames ? subjectName : null;
  return name === null ? words.subjects[about] : withoutNumbers(name);
}

/** Leaves longer numbers out, and cuts. Some centers name queues after telephone numbers, and people write them into titles. */
export function withoutNumbers(text: string): string {
  const short = [...text].slice(0, MAX_NAME).join("");
  return short.replaceAll(/[+(]*\p{Nd}(?:[\s().\-/]*\p{Nd}){5,}/gu, "…");
}

function figure(watch: Watch, value: number): string {
  switch (watch) {
    case "missedInRow":
    case "queueWaiting":
      return String(value);
    case "queueServiceLevel":
      return `${Math.round(value * 100)}%`;
    case "sentimentRecent":
      return `${value > 0 ? "+" : value < 0 ? "−" : ""}${Math.abs(value).toFixed(1)}`;
    case "sentimentFall":
      return value.toFixed(1);
    default:
      return duration(value);
  }
}

/** Seconds -> "5:00" or "1:02:03" */
function duration(seconds: number): string {
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const rest = String(seconds % 60).padStart(2, "0");
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
}

function hhmm(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
}
