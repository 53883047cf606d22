import type { CallExpression, Expression, Node } from "oxc-parser";
import { nodesOf, parseSource, positionOf, type SyntaxNode } from "../syntax-tree.ts";

/** One small fault in one file: `before`, at `start`, becomes `after`. */
export interface Mutant {
  path: string;
  /** Offsets in the file's text, in UTF-16 units. */
  start: number;
  end: number;
  /** `line:column`, both from one. */
  position: string;
  before: string;
  after: string;
}

type Edit = Pick<Mutant, "start" | "end" | "after">;
type Operation = Extract<Node, { type: "BinaryExpression" | "LogicalExpression" }>;

/** A boundary moves by one, an equality turns round, an arithmetic operator becomes its opposite. */
const OPERATORS: Readonly<Record<string, string>> = {
  "===": "!==",
  "!==": "===",
  "<": "<=",
  "<=": "<",
  ">": ">=",
  ">=": ">",
  "+": "-",
  "-": "+",
  "*": "/",
  "/": "*",
  "%": "*",
  "&&": "||",
  "||": "&&",
  "+=": "-=",
  "-=": "+=",
  "??=": "=",
  "++": "--",
  "--": "++",
};

const METHODS: Readonly<Record<string, string>> = {
  min: "max",
  max: "min",
  some: "every",
  every: "some",
  startsWith: "endsWith",
  endsWith: "startsWith",
};

/** What is written to a log protects no behaviour, and no test should hold its wording. */
const LOGS = /^(?:console|log|logger)$/;

/** Nodes of TypeScript that hold an expression; below every other one there are only types. */
const TYPED_EXPRESSIONS = new Set(["TSAsExpression", "TSNonNullExpression", "TSSatisfiesExpression", "TSParameterProperty"]);

/**
 * Returns all mutants of a file in the order of its text. Types, comments, log calls and the texts of errors have none.
 * A removed `?.` is not among them, because the compiler rejects it.
 */
export function mutantsOf(path: string, text: string): Mutant[] {
  const mutants: Mutant[] = [];
  for (const found of nodesOf(parseSource(path, text))) {
    if (isLeftOut(found)) continue;
    for (const { start, end, after } of editsOf(found, text)) {
      mutants.push({ path, start, end, position: positionOf(text, start), before: text.slice(start, end), after });
    }
  }
  return mutants.sort((a, b) => a.start - b.start || a.end - b.end);
}

/** The file's text with the fault in it. */
export function withMutant(text: string, { start, end, after }: Mutant): string {
  return text.slice(0, start) + after + text.slice(end);
}

function isLeftOut({ node, ancestors }: SyntaxNode): boolean {
  return [...ancestors, node].some(
    (step) => (step.type.startsWith("TS") && !TYPED_EXPRESSIONS.has(step.type)) || isLogCall(step) || isErrorText(step),
  );
}

function isLogCall(node: Node): boolean {
  const call = node.type === "ExpressionStatement" ? node.expression : node;
  if (call.type !== "CallExpression" || call.callee.type !== "MemberExpression") return false;
  const { object } = call.callee;
  const name = object.type === "MemberExpression" ? object.property : object;
  return (name.type === "Identifier" || name.type === "PrivateIdentifier") && LOGS.test(name.name);
}

function isErrorText(node: Node): boolean {
  return node.type === "NewExpression" && node.callee.type === "Identifier" && node.callee.name.endsWith("Error");
}

function editsOf({ node, ancestors }: SyntaxNode, text: string): Edit[] {
  const source = ({ start, end }: Node) => text.slice(start, end);
  const instead = (of: Node, after: string): Edit => ({ start: of.start, end: of.end, after });
  switch (node.type) {
    case "LogicalExpression":
      if (node.operator === "??") return [instead(node, source(node.left)), instead(node, source(node.right))];
      return operatorEdits(node, text);
    case "BinaryExpression":
      return [...operatorEdits(node, text), ...offByOneEdits(node)];
    case "AssignmentExpression": {
      const after = OPERATORS[node.operator];
      if (after === undefined) return [];
      return [operatorEdit(node.operator, after, node.left.end, text)];
    }
    case "UpdateExpression": {
      const start = node.prefix ? node.start : node.end - node.operator.length;
      return [{ start, end: start + node.operator.length, after: OPERATORS[node.operator] ?? "" }];
    }
    case "UnaryExpression":
      return node.operator === "!" ? [instead(node, source(node.argument))] : [];
    case "AwaitExpression":
      return [instead(node, source(node.argument))];
    case "Literal":
      return literalEdits(node, ancestors.at(-1));
    case "TemplateLiteral":
      return isAnswer(node, ancestors.at(-1)) ? [instead(node, '""')] : [];
    case "ArrayExpression":
      return node.elements.length > 0 && isAnswer(node, ancestors.at(-1)) ? [instead(node, "[]")] : [];
    case "IfStatement":
      return [instead(node.test, "true"), instead(node.test, "false")];
    case "ConditionalExpression":
      return [instead(node.test, "true"), instead(node.test, "false")];
    case "WhileStatement":
      return [instead(node.test, "false")];
    case "ForStatement":
      return node.test === null ? [] : [instead(node.test, "false")];
    case "ExpressionStatement":
      return isDroppable(node.expression) ? [instead(node, ";")] : [];
    case "BreakStatement":
    case "ContinueStatement":
      return ancestors.at(-1)?.type === "SwitchCase" ? [] : [instead(node, ";")];
    case "ReturnStatement":
      return node.argument === null ? [instead(node, ";")] : [];
    case "ArrowFunctionExpression":
      // `() => clearTimeout(timer)`: the call that a block would hold as a statement.
      return isBareCall(node.body) ? [instead(node.body, "undefined")] : [];
    case "CallExpression":
      return methodEdits(node);
    default:
      return [];
  }
}

function operatorEdits({ operator, left, right }: Operation, text: string): Edit[] {
  const after = OPERATORS[operator];
  if (after === undefined || (operator === "+" && (isText(left) || isText(right)))) return [];
  return [operatorEdit(operator, after, left.end, text)];
}

function operatorEdit(before: string, after: string, from: number, text: string): Edit {
  const start = text.indexOf(before, from);
  return { start, end: start + before.length, after };
}

/** `count + 1` -> `count + 0`. */
function offByOneEdits({ operator, right }: Operation): Edit[] {
  const isOne = right.type === "Literal" && right.value === 1;
  return isOne && (operator === "+" || operator === "-") ? [{ start: right.start, end: right.end, after: "0" }] : [];
}

function literalEdits(node: Extract<Node, { type: "Literal" }>, parent: Node | undefined): Edit[] {
  const { start, end, value } = node;
  if (typeof value === "boolean") return [{ start, end, after: String(!value) }];
  if (typeof value === "string" && value !== "" && isAnswer(node, parent)) return [{ start, end, after: '""' }];
  return [];
}

function methodEdits({ callee }: CallExpression): Edit[] {
  if (callee.type !== "MemberExpression" || callee.property.type !== "Identifier") return [];
  const { name, start, end } = callee.property;
  const after = Object.hasOwn(METHODS, name) ? METHODS[name] : undefined;
  return after === undefined ? [] : [{ start, end, after }];
}

/** Whether a function gives this value back. Other texts and lists are tables and names; a test of them repeats them. */
function isAnswer(node: Node, parent: Node | undefined): boolean {
  if (parent?.type === "ReturnStatement" || parent?.type === "ArrowFunctionExpression") return true;
  return parent?.type === "ConditionalExpression" && node !== parent.test;
}

function isText(node: Node): boolean {
  return node.type === "TemplateLiteral" || (node.type === "Literal" && typeof node.value === "string");
}

/** A call or an assignment; not a directive, and not `super()`, without which nothing runs. */
function isDroppable(expression: Expression): boolean {
  if (expression.type === "CallExpression") return expression.callee.type !== "Super";
  return ["AssignmentExpression", "AwaitExpression", "ChainExpression", "UpdateExpression", "UnaryExpression"].includes(
    expression.type,
  );
}

function isBareCall(body: Node): boolean {
  const call = body.type === "ChainExpression" ? body.expression : body;
  return call.type === "CallExpression";
}
