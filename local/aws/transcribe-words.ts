import type { Phrase } from "../phrases/phrase.ts";
import type { TranscribeRequest } from "./transcribe-request.ts";

/** A spoken phrase as written words with their times: what both kinds of transcript are made of. Pure. */

/** What is written for sound that is no phrase of the book, or one of another language. */
const UNINTELLIGIBLE = "(unintelligible)";

export interface Word {
  type: "pronunciation" | "punctuation";
  content: string;
  beginMs: number;
  endMs: number;
}

export interface Entity {
  type: string;
  content: string;
  beginMs: number;
  endMs: number;
}

export interface Writing {
  transcript: string;
  words: Word[];
  entities: Entity[];
}

type PersonalDataRule = TranscribeRequest["personalData"];

/**
 * The phrase as it is written when `untilMs` has been heard: only whole words. Everything is spread over [beginMs, endMs)
 * by the length of the words. Personal data becomes `[TYPE]` or an entity, as the rule says.
 */
export function writeWords(
  phrase: Phrase | null,
  beginMs: number,
  endMs: number,
  untilMs: number,
  rule: PersonalDataRule,
): Writing {
  const text = phrase?.text ?? UNINTELLIGIBLE;
  const timeAt = (character: number): number => Math.round(beginMs + ((endMs - beginMs) * character) / text.length);
  const entities: Entity[] = [];
  const words: Word[] = [];
  let transcript = "";

  for (const piece of pieces(phrase, text, rule)) {
    if (timeAt(piece.end) > untilMs) break;
    if (piece.type !== null) {
      entities.push({ type: piece.type, content: piece.content, beginMs: timeAt(piece.begin), endMs: timeAt(piece.end) });
    }
    const written = piece.content.match(/\[[A-Z_]+\]|[\p{L}\p{N}][\p{L}\p{N}@.'’-]*[\p{L}\p{N}]|[\p{L}\p{N}]|[^\s]/gu) ?? [];
    for (const content of written) {
      const type = /[\p{L}\p{N}]/u.test(content) ? "pronunciation" : "punctuation";
      words.push({ type, content, beginMs: timeAt(piece.begin), endMs: timeAt(piece.end) });
    }
    transcript += (transcript === "" || piece.joined ? "" : " ") + piece.content;
  }
  return { transcript, words, entities };
}

interface Piece {
  content: string;
  begin: number;
  end: number;
  /** No space before it. */
  joined: boolean;
  /** The kind of personal data it is, if that was asked for. */
  type: string | null;
}

function pieces(phrase: Phrase | null, text: string, rule: PersonalDataRule): Piece[] {
  const result: Piece[] = [];
  const plain = (from: number, to: number): void => {
    for (const match of text.slice(from, to).matchAll(/\S+/g)) {
      const begin = from + match.index;
      const joined = begin > 0 && text.charAt(begin - 1) !== " ";
      result.push({ content: match[0], begin, end: begin + match[0].length, joined, type: null });
    }
  };
  let at = 0;
  for (const { type, begin, end } of phrase?.personalData ?? []) {
    if (rule === null || !rule.types.has(type)) continue;
    plain(at, begin);
    const content = rule.handling === "redact" ? `[${type}]` : text.slice(begin, end);
    result.push({ content, begin, end, joined: begin > 0 && text.charAt(begin - 1) !== " ", type });
    at = end;
  }
  plain(at, text.length);
  return result;
}
