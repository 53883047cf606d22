import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Argument, CallExpression, Declaration, Node, PropertyKey } from "oxc-parser";
import { describe, expect, test } from "vitest";
import { nodesOf, parseSource, positionOf } from "../scripts/syntax-tree.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const GENERATED = new Set(["worker-configuration.d.ts"]);
const LEFT_OUT = /(^|\/)(node_modules|dist|cdk\.out|\.wrangler|\.vigia|\.git|artifacts)$/;

const TESTS = /\.test\.tsx?$/;

interface Name {
  name: string;
  /** `file:line` */
  place: string;
}

const exportedTypes: Name[] = [];
const functionNames: Name[] = [];
const identifiers: Name[] = [];
const titles: Name[] = [];

for (const path of globSync("**/*.{ts,tsx,mjs,js}", { cwd: ROOT, exclude: (name) => LEFT_OUT.test(name) })) {
  if (!GENERATED.has(path)) readNames(path, readFileSync(join(ROOT, path), "utf8"));
}

/** Parses one file and sorts its names into the lists above. */
function readNames(path: string, text: string): void {
  const keep = (list: Name[], name: string | undefined, { start }: Node) => {
    if (name !== undefined) list.push({ name, place: `${path}:${positionOf(text, start)}` });
  };
  for (const { node, ancestors } of nodesOf(parseSource(path, text))) {
    switch (node.type) {
      case "ExportNamedDeclaration":
        keep(exportedTypes, typeNameOf(node.declaration), node);
        break;
      case "MethodDefinition":
      case "TSAbstractMethodDefinition":
      case "TSMethodSignature":
        keep(functionNames, keyName(node.key), node);
        break;
      case "TSPropertySignature":
        if (node.typeAnnotation?.typeAnnotation.type === "TSFunctionType") keep(functionNames, keyName(node.key), node);
        break;
      case "PropertyDefinition":
      case "Property":
        if (isFunction(node.value)) keep(functionNames, keyName(node.key), node);
        break;
      case "Identifier":
      case "PrivateIdentifier":
        keep(identifiers, node.name, node);
        break;
      case "CallExpression":
        if (TESTS.test(path) && titleOf(node, "test") !== undefined) keep(titles, wholeTitle(node, ancestors), node);
        break;
    }
  }
}

/** The title as a reader of a log sees it: those of the `describe` calls around a test, then its own. */
function wholeTitle(call: CallExpression, ancestors: readonly Node[]): string {
  const subjects = ancestors.map((node) => (node.type === "CallExpression" ? titleOf(node, "describe") : undefined));
  return [...subjects, titleOf(call, "test")].filter((title) => title !== undefined).join(" ");
}

function titleOf(call: CallExpression, kind: "test" | "describe"): string | undefined {
  return testKind(call) === kind ? textOf(call.arguments[0]) : undefined;
}

function typeNameOf(declaration: Declaration | null): string | undefined {
  switch (declaration?.type) {
    case "TSInterfaceDeclaration":
    case "TSTypeAliasDeclaration":
    case "TSEnumDeclaration":
      return declaration.id.name;
    case "ClassDeclaration":
      return declaration.id?.name;
    default:
      return undefined;
  }
}

function keyName(key: PropertyKey): string | undefined {
  return key.type === "Identifier" || key.type === "PrivateIdentifier" ? key.name : undefined;
}

function isFunction(node: Node | null): boolean {
  return node?.type === "FunctionExpression" || node?.type === "ArrowFunctionExpression";
}

/** Which of the two a call such as `test("…")` or `it.each(…)("…")` is. */
function testKind({ callee }: CallExpression): "test" | "describe" | undefined {
  let name: Node = callee;
  if (name.type === "CallExpression") name = name.callee;
  if (name.type === "MemberExpression" && keyName(name.property) === "each") name = name.object;
  if (name.type !== "Identifier") return undefined;
  if (name.name === "test" || name.name === "it") return "test";
  return name.name === "describe" ? "describe" : undefined;
}

/** The text of a literal, with "…" where a template has an expression. */
function textOf(argument: Argument | undefined): string | undefined {
  if (argument?.type === "Literal" && typeof argument.value === "string") return argument.value;
  if (argument?.type === "TemplateLiteral") return argument.quasis.map(({ value }) => value.cooked).join("…");
  return undefined;
}

/**
 * Words of our own, and the word of the field that replaced each of them. A pattern is looked for in the words of a name
 * (`BoardCopy` is "board copy"); one that begins with `^` is compared with the name as it is written.
 */
const REPLACED: readonly [old: RegExp, now: string][] = [
  // With a capital only: `audience` is also the claim of an identity token.
  [/^Audience/, "Broadcaster"],
  [/seats?/, "subscriber"],
  [/crowds?/, "subscriber group"],
  [/lobby/, "viewer sockets"],
  [/laggards?|too slow/, "slow consumer"],
  [/change window|dirty/, "conflation buffer, pending change"],
  [/conduct|offences?/, "rate limiter, violation"],
  [/board copy/, "replica"],
  [/plain viewers?/, "legacy viewer"],
  [/admission/, "connect request"],
  [/alarm clock/, "alarm scheduler"],
  [/holders/, "contact assignments"],
  [/contact book/, "contact index"],
  [/watchers/, "contact subscriptions"],
  [/upkeep|swept|tidy/, "expiry, expired, cleanup"],
  [/believed/, "effective state"],
  [/moods?/, "sentiment label"],
  [/tapes?/, "replay buffer"],
  // The name alone: a bit mask is something else.
  [/^[mM]asks?$/, "mute range"],
  [/stereo clock/, "channel interleaver"],
  [/loud|deaf/, "voice activity, no-result timeout"],
  [/turn book/, "turn tracker"],
  [/lacks/, "needsBackfill"],
  // `putAsideAt` is a field of dead letters that an earlier version wrote.
  [/put aside(?! at)/, "dead-letter"],
  [/afterwards/, "failure policy"],
  // A letter alone is one of the alphabet.
  [/(?<!dead )(?:letters|letter \w+|(?<=\w )letter)/, "message of the dead-letter queue"],
  [/tv wall/, "wallboard"],
  [/rhythm/, "refresh interval"],
  [/gallery/, "stories"],
  [/desks?/, "SimulatedAgent"],
  [/told|spoken/, "sent, delivered; turns"],
];

/** Old words that data from outside still carries. */
const KEPT: ReadonlySet<string> = new Set([
  // Saved links to the board have the parameter `mood`.
  "dashboard/board/model/view-query.ts mood",
  // Stored records keep these names of the first release.
  "core/state/stored-records.ts swept",
  "core/state/stored-records.ts spoken",
]);

/** `boardCopy` -> `board copy`, so that a word is found in a longer name and not in a longer word. */
function wordsOf(name: string): string {
  return name
    .replaceAll(/([a-z\d])([A-Z])|([A-Z])(?=[A-Z][a-z])/g, "$1$3 $2")
    .replaceAll(/[_$\s]+/g, " ")
    .trim()
    .toLowerCase();
}

const PATTERNS = REPLACED.map(([old, now]) => {
  const asWritten = old.source.startsWith("^");
  return { asWritten, now, pattern: asWritten ? old : new RegExp(`\\b(?:${old.source})\\b`) };
});
/** Name -> the word that replaces it. Most names occur many times. */
const replacements = new Map<string, string | undefined>();

function replacementOf(name: string): string | undefined {
  if (!replacements.has(name)) {
    const words = wordsOf(name);
    replacements.set(name, PATTERNS.find(({ asWritten, pattern }) => pattern.test(asWritten ? name : words))?.now);
  }
  return replacements.get(name);
}

/** A title begins with a capital letter, the id of a rule, a word of code, or a value that the test puts in. */
const BEGINNING = /^(?:[A-Z\d"`…$%(]|npm |\.[a-z]|[a-z]+[A-Z\d_./:-])/;

describe("Names", () => {
  test("No two exported types share a name.", () => {
    const twins = exportedTypes.filter(({ name }) => exportedTypes.filter((other) => other.name === name).length > 1);
    expect(twins.map(({ name, place }) => `${name} ${place}`).sort()).toEqual([]);
  });

  test("No method is called by a verb that leaves its object open.", () => {
    const riddles = functionNames.filter(({ name }) => /^(?:take|put|push|hear|end|tell|say)$/.test(name));
    expect(riddles.map(({ name, place }) => `${place} ${name}: name the object too, for example addTurn`)).toEqual([]);
  });

  test("No identifier uses a word that the glossary has replaced.", () => {
    const old = identifiers.flatMap(({ name, place }) => {
      const now = replacementOf(name);
      return now === undefined || KEPT.has(`${place.split(":")[0]} ${name}`) ? [] : [`${place} ${name}: the word is now ${now}`];
    });
    expect([...new Set(old)]).toEqual([]);
  });
});

describe("Test titles", () => {
  // The titles of the `describe` calls around a test belong to its title.
  test("A title begins with a capital letter, a rule id or a word of code, and has at least three words.", () => {
    const fragments = titles.filter(({ name }) => !BEGINNING.test(name) || name.split(/\s+/).length < 3);
    expect(fragments.map(({ name, place }) => `${place} ${name}`)).toEqual([]);
  });

  test("A title ends with a full stop.", () => {
    // A title such as "$title" is a sentence that the test puts in.
    const open = titles.filter(({ name }) => !/(?:\.|\$\w+)$/.test(name));
    expect(open.map(({ name, place }) => `${place} ${name}`)).toEqual([]);
  });
});
