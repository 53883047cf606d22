import { type Node, type Program, parseSync, visitorKeys } from "oxc-parser";

export interface SyntaxNode {
  node: Node;
  /** From the file's root down to the parent. */
  ancestors: readonly Node[];
}

/** Parses TypeScript, TSX or JavaScript; the extension of `path` decides which. Throws with the position of the first error. */
export function parseSource(path: string, text: string): Program {
  const { program, errors } = parseSync(path, text);
  const [first] = errors;
  if (first !== undefined) throw new Error(`${path} cannot be parsed: ${first.message}\n${first.codeframe ?? ""}`);
  return program;
}

/** Yields a node and all nodes below it, each after its parent, in the order of the text. */
export function* nodesOf(node: Node, ancestors: readonly Node[] = []): Generator<SyntaxNode> {
  yield { node, ancestors };
  const below = [...ancestors, node];
  const children = new Map<string, unknown>(Object.entries(node));
  for (const key of visitorKeys[node.type] ?? []) {
    for (const child of [children.get(key)].flat()) if (isNode(child)) yield* nodesOf(child, below);
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value && "start" in value;
}

/** `line:column` of an offset, both counted from one. */
export function positionOf(text: string, offset: number): string {
  const before = text.slice(0, offset);
  return `${before.split("\n").length}:${offset - before.lastIndexOf("\n")}`;
}
