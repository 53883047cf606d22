import type { Argument, CallExpression, Expression, NewExpression, Node } from "oxc-parser";
import { nodesOf, parseSource, positionOf } from "../syntax-tree.ts";
import { hasNextStep, isSentence, type ProseFinding } from "./rules.ts";

/** Returns the error texts without a next step of a source file, or the titles without a verb of a test. */
export function findingsOfSource(file: string, source: string): ProseFinding[] {
  const isTest = file.startsWith("test/");
  // Most files have neither, and parsing costs more than looking.
  if (!(isTest ? /\b(?:test|it)\b/ : /Error\(|\bmessage:|\brefusal\(|console\.error\(/).test(source)) return [];
  const findings: ProseFinding[] = [];
  const add = (rule: ProseFinding["rule"], node: Node, text: string) =>
    findings.push({ file, line: Number(positionOf(source, node.start).split(":")[0]), rule, text });
  for (const { node, ancestors } of nodesOf(parseSource(file, source))) {
    if (isTest) {
      const title = node.type === "CallExpression" && kindOf(node) === "test" ? wholeTitle(node, ancestors) : undefined;
      if (title !== undefined && !isSentence(title)) add("title without a verb", node, title);
    } else {
      const text = textOf(errorTextOf(node));
      // A single word is a code that a program reads. An answer that ends with a value or a colon goes on with words made elsewhere.
      if (text?.includes(" ") === true && (isThrown(node) || !/[…:\s]$/.test(text)) && !hasNextStep(text))
        add("error without a next step", node, text);
    }
  }
  return findings;
}

/** The properties that stand beside the `message` of an answer or a finding that refuses something. */
const BESIDE_A_REFUSAL = new Set(["error", "ok", "path", "field", "code"]);

/**
 * Returns the text that a person reads when something fails: of `new …Error(text)`, of `refusal(status, code, text)`, of
 * `console.error(text)`, and of an object with a `message` beside a word for the refusal.
 */
function errorTextOf(node: Node): Argument | Expression | undefined {
  if (isThrown(node)) return node.arguments[0];
  if (node.type === "CallExpression" && node.callee.type === "Identifier" && node.callee.name === "refusal")
    return node.arguments[2];
  if (node.type === "CallExpression" && isConsoleError(node)) return node.arguments[0];
  if (node.type !== "ObjectExpression") return undefined;
  const named = new Map(
    node.properties.flatMap((one) =>
      one.type === "Property" && one.key.type === "Identifier" ? [[one.key.name, one.value]] : [],
    ),
  );
  const isDone = literalOf(named.get("ok")) === true;
  return !isDone && [...named.keys()].some((name) => BESIDE_A_REFUSAL.has(name)) ? named.get("message") : undefined;
}

function isThrown(node: Node): node is NewExpression {
  return node.type === "NewExpression" && node.callee.type === "Identifier" && node.callee.name.endsWith("Error");
}

function literalOf(node: Node | undefined): unknown {
  return node?.type === "Literal" ? node.value : undefined;
}

function isConsoleError({ callee }: CallExpression): boolean {
  if (callee.type !== "MemberExpression" || callee.object.type !== "Identifier" || callee.property.type !== "Identifier")
    return false;
  return callee.object.name === "console" && callee.property.name === "error";
}

/** Returns the title of a test as a log shows it, after those of the `describe` calls around it. */
function wholeTitle(call: CallExpression, ancestors: readonly Node[]): string | undefined {
  const own = textOf(call.arguments[0]);
  if (own === undefined) return undefined;
  const around = ancestors.map((node) =>
    node.type === "CallExpression" && kindOf(node) === "describe" ? textOf(node.arguments[0]) : undefined,
  );
  return [...around, own].filter((title) => title !== undefined).join(" ");
}

function kindOf({ callee }: CallExpression): "test" | "describe" | undefined {
  let name: Node = callee;
  if (name.type === "CallExpression") name = name.callee;
  if (name.type === "MemberExpression") name = name.object;
  if (name.type !== "Identifier") return undefined;
  if (name.name === "test" || name.name === "it") return "test";
  return name.name === "describe" ? "describe" : undefined;
}

/** Returns the text of a literal, with "…" for each value of a template, or of literals that are added up. */
function textOf(argument: Node | undefined): string | undefined {
  if (argument?.type === "Literal" && typeof argument.value === "string") return argument.value;
  if (argument?.type === "TemplateLiteral") return argument.quasis.map(({ value }) => value.cooked).join("…");
  if (argument?.type === "BinaryExpression" && argument.operator === "+") {
    const left = textOf(argument.left);
    return left === undefined ? undefined : `${left}${textOf(argument.right) ?? "…"}`;
  }
  return undefined;
}
