/** How the text of a claim becomes a list. Arrays are read alike for every kind. */
export interface ListKind {
  separator: RegExp;
  /** The fields that stand for an entry that is an object, the first one that is a text. */
  fields: readonly string[];
}

/** Names of groups and roles contain spaces, so only a comma separates them. People know them by name. */
export const NAMES: ListKind = { separator: /,/, fields: ["name", "id"] };
/** Ids contain neither spaces nor commas. */
export const IDS: ListKind = { separator: /[\s,]+/, fields: ["id", "name"] };

/**
 * Returns the claim of this name, or at this path; undefined = there is none. A dot leads into an object: Cloudflare Access puts
 * an identity provider's claims under `custom`. Names may contain dots (`https://example.com/groups`): the longest name that
 * exists counts, and a backslash takes the next character as it is (`a\.b.groups`).
 */
export function claimAt(payload: object, path: string): unknown {
  return Object.hasOwn(payload, path) ? Reflect.get(payload, path) : valueAt(payload, namesOf(path));
}

function valueAt(value: unknown, names: readonly string[]): unknown {
  if (names.length === 0) return value;
  if (typeof value !== "object" || value === null) return undefined;
  for (let length = names.length; length > 0; length -= 1) {
    const name = names.slice(0, length).join(".");
    const found = Object.hasOwn(value, name) ? valueAt(Reflect.get(value, name), names.slice(length)) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Splits a path at the dots that no backslash precedes. */
function namesOf(path: string): string[] {
  const parts = path.match(/\\.|[^\\]/gsu) ?? [];
  const names = [""];
  for (const part of parts) {
    if (part === ".") names.push("");
    else names.push((names.pop() ?? "") + (part.length > 1 && part.startsWith("\\") ? part.slice(1) : part));
  }
  return names;
}

/**
 * Reads a list as identity providers write it: a JSON array, the same in a text, Cognito's `[a, b]`, a list with commas, or one
 * object with a name. null = the claim is missing or no list, and so grants nothing.
 */
export function readList(claim: unknown, kind: ListKind): string[] | null {
  if (typeof claim === "string") return readText(claim.trim(), kind);
  if (Array.isArray(claim)) {
    const texts = claim.flatMap((entry) => textOf(entry, kind) ?? []);
    return texts.length === 0 && claim.length > 0 ? null : texts;
  }
  const text = textOf(claim, kind);
  return text === null ? null : [text];
}

function readText(text: string, kind: ListKind): string[] | null {
  if (/^[[{]/.test(text)) {
    const parsed = parseJson(text);
    // Cognito puts no quotes around names, so `[101, 102]` looks like numbers and is two names.
    if (typeof parsed === "object" && parsed !== null && !isListOfWords(parsed)) return readList(parsed, kind);
  }
  const inner = text.startsWith("[") && text.endsWith("]") ? text.slice(1, -1) : text;
  return inner
    .split(kind.separator)
    .map((word) => word.trim())
    .filter((word) => word !== "");
}

function isListOfWords(parsed: object): boolean {
  const isWord = (entry: unknown) => entry === null || typeof entry === "number" || typeof entry === "boolean";
  return Array.isArray(parsed) && parsed.every(isWord);
}

function textOf(entry: unknown, kind: ListKind): string | null {
  if (typeof entry === "string") return entry === "" ? null : entry;
  if (typeof entry !== "object" || entry === null) return null;
  for (const field of kind.fields) {
    const value: unknown = Object.hasOwn(entry, field) ? Reflect.get(entry, field) : null;
    if (typeof value === "string" && value !== "") return value;
  }
  return null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
