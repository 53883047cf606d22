/** A setting that is missing or wrong. */
export interface SettingProblem {
  /** The name of the setting. */
  name: string;
  /** Says what is wrong and what to do. It never quotes the value, because that may be a secret. */
  message: string;
}

/**
 * Reads the settings of a function or a Worker from its environment variables, and collects the problems of all of them. So an
 * operator sees every wrong setting at once. Values are trimmed, and an empty value counts as not set, because a deployment
 * leaves a setting out that way.
 *
 * Each method returns a harmless value (an empty text, the fallback) for a wrong setting. Use what it returned only if
 * {@link SettingsReader.problems} is empty at the end.
 */
export class SettingsReader {
  /** In the order of reading, at most one for each setting. */
  readonly problems: SettingProblem[] = [];
  readonly #environment: object;

  /** @param environment `process.env` of a Lambda function or `env` of a Worker. Other bindings in it do not matter. */
  constructor(environment: object) {
    this.#environment = environment;
  }

  /**
   * Returns a text that has to be set.
   * @param advice what to do, as a sentence: "Set it to the stack's output InstanceId."
   */
  requiredText(name: string, advice: string): string {
    const value = this.#value(name);
    if (value === "") this.refuse(name, "is not set", advice);
    return value;
  }

  /** Returns a text, or null if it is not set. */
  optionalText(name: string): string | null {
    return this.#value(name) || null;
  }

  /**
   * Returns a text for which empty has a meaning of its own, or `fallback` if it is not set at all. Only spaces are refused: nobody
   * means them.
   */
  textOrEmpty(name: string, fallback: string, advice: string): string {
    const given: unknown = Reflect.get(this.#environment, name);
    if (given === undefined) return fallback;
    const value = this.#value(name);
    if (value === "" && given !== "") this.refuse(name, "has only spaces", advice);
    return value;
  }

  /** Returns one of `choices`. The first choice is the default. It may be empty. */
  choice<Choice extends string>(name: string, choices: readonly [Choice, ...Choice[]]): Choice {
    const value = this.#value(name);
    const chosen = choices.find((candidate) => candidate === value);
    if (value !== "" && chosen === undefined)
      this.refuse(name, "has an unknown value", `Set it to ${choices.filter(Boolean).join(" or ")}.`);
    return chosen ?? choices[0];
  }

  /** Returns a whole number between `min` and `max`, or `fallback` if it is not set. */
  wholeNumber(name: string, fallback: number, min: number, max: number): number {
    return this.#number(name, /^\d+$/, "a whole number", fallback, min, max);
  }

  /** Returns a number between `min` and `max` that may have a fraction, or `fallback` if it is not set. */
  decimalNumber(name: string, fallback: number, min: number, max: number): number {
    return this.#number(name, /^\d+(\.\d+)?$/, "a number", fallback, min, max);
  }

  /** Returns the words of a list that is separated by spaces or commas. The list is empty if it is not set. */
  words(name: string): string[] {
    return this.#value(name)
      .split(/[\s,]+/)
      .filter((word) => word !== "");
  }

  /** Returns the origin of a web address that has to be set: scheme, host and port, without a path. */
  requiredOrigin(name: string, advice: string): string {
    const value = this.requiredText(name, advice);
    if (value === "") return "";
    const url = URL.canParse(value) ? new URL(value) : null;
    if (url !== null && /^https?:$/.test(url.protocol) && url.pathname === "/" && url.search === "") return url.origin;
    this.refuse(name, "is not the origin of a web address", advice);
    return "";
  }

  /** Returns a JSON object whose values are texts, or an empty one if it is not set. Neither a key nor a value may be empty. */
  textMap(name: string, advice: string): ReadonlyMap<string, string> {
    const value = this.#value(name);
    if (value === "") return new Map();
    const entries = entriesOf(value);
    if (entries === null) this.refuse(name, "is not a JSON object of texts", advice);
    return new Map(entries);
  }

  /** Returns the names of all settings that fit the pattern and are not empty, sorted. */
  namesLike(pattern: RegExp): string[] {
    const names = Object.keys(this.#environment).filter((name) => pattern.test(name));
    return names.filter((name) => Reflect.get(this.#environment, name) !== "").toSorted();
  }

  /**
   * Reports a setting as wrong. Use it for rules that only the caller knows.
   * @param problem what is wrong, as the rest of a sentence that begins with the name: "is not base64"
   * @param advice what to do, as a sentence
   */
  refuse(name: string, problem: string, advice: string): void {
    if (this.problems.some((known) => known.name === name)) return;
    this.problems.push({ name, message: `${name} ${problem}. ${advice}` });
  }

  #value(name: string): string {
    const value: unknown = Reflect.get(this.#environment, name);
    if (value === undefined) return "";
    if (typeof value === "string") return value.trim();
    this.refuse(name, "is not a text", "Put its value in quotes.");
    return "";
  }

  #number(name: string, pattern: RegExp, kind: string, fallback: number, min: number, max: number): number {
    const value = this.#value(name);
    if (value === "") return fallback;
    const number = Number(value);
    if (pattern.test(value) && number >= min && number <= max) return number;
    this.refuse(name, `is not ${kind} from ${min} to ${max}`, `Correct it, or leave it out for the default ${fallback}.`);
    return fallback;
  }
}

/** Returns the entries of a JSON object whose keys and values are texts, or null for any other text. */
function entriesOf(json: string): [string, string][] | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch {
    return null;
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) return null;
  const entries: [string, unknown][] = Object.entries(parsed);
  const texts = entries.flatMap(([key, value]): [string, string][] =>
    key !== "" && typeof value === "string" && value !== "" ? [[key, value]] : [],
  );
  return texts.length === entries.length ? texts : null;
}
