import type { Phrase } from "../phrases/phrase.ts";
import type { TranscribeRequest } from "./transcribe-request.ts";

/** The transcript of audio that is not a phrase of the book in the session's language. */
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

/** A phrase as written words with their times. */
export interface Writing {
  transcript: string;
  words: Word[];
  entities: Entity[];
}

type PersonalDataRule = TranscribeRequest["personalData"];

/**
 * Writes the words of the phrase that are complete at `untilMs`. Spreads the words over [beginMs, endMs) by their length.
 * Writes personal data as `[TYPE]` or lists it as an entity, depending on the rule.
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
  /** True when no space stands before the piece. */
  joined: boolean;
  /** The type of personal data, when the request asks for it. */
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
