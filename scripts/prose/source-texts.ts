import type { CallExpression, Node } from "oxc-parser";
import { nodesOf, parseSource, positionOf } from "../syntax-tree.ts";
import { hasNextStep, isSentence, type ProseFinding } from "./rules.ts";

/** Returns the error texts without a next step of a source file, or the titles without a verb of a test. */
export function findingsOfSource(file: string, source: string): ProseFinding[] {
  const isTest = file.startsWith("test/");
  // Most files have neither, and parsing costs more than looking.
  if (!(isTest ? /\b(?:test|it)\b/ : /Error\(/).test(source)) return [];
  const findings: ProseFinding[] = [];
  const add = (rule: ProseFinding["rule"], node: Node, text: string) =>
    findings.push({ file, line: Number(positionOf(source, node.start).split(":")[0]), rule, text });
  for (const { node, ancestors } of nodesOf(parseSource(file, source))) {
    if (isTest) {
      const title = node.type === "CallExpression" && kindOf(node) === "test" ? wholeTitle(node, ancestors) : undefined;
      if (title !== undefined && !isSentence(title)) add("title without a verb", node, title);
    } else if (node.type === "NewExpression" && node.callee.type === "Identifier" && node.callee.name.endsWith("Error")) {
      const text = textOf(node.arguments[0]);
      // A single word is a code that a program reads.
      if (text?.includes(" ") === true && !hasNextStep(text)) add("error without a next step", node, text);
    }
  }
  return findings;
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
