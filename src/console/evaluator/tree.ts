/**
 * The syntax tree of typed code: its types, and how to walk it.
 *
 * @module
 */
import type { parse } from "@babel/parser";

/** One whole parsed input. */
export type Program = ReturnType<typeof parse>["program"];

type Child<T> = 0 extends 1 & T ? never
  : T extends readonly (infer Item)[] ? Child<Item>
  : T extends { type: string; start?: number | null } ? T
  : never;
type Reach<Parent> = Parent | (Parent extends unknown ? Child<Parent[keyof Parent]> : never);

/**
 * Any node of the tree. The parser does not export this union under its own name; five steps down from the
 * program reach every kind of node there is.
 */
export type Node = Exclude<
  Reach<Reach<Reach<Reach<Reach<Program>>>>>,
  { type: "CommentBlock" | "CommentLine" }
>;

/** The node type with the given `type`, such as `NodeOf<"ForStatement">`. */
export type NodeOf<Type extends Node["type"]> = Extract<Node, { type: Type }>;

/** One top-level statement. */
export type Statement = Program["body"][number];

/** Where `node` begins: an offset into the source in UTF-16 units. */
export function startOf(node: Node): number {
  return node.start as number; // only nodes that someone builds by hand have none
}

/** Where `node` ends: the offset just behind it. */
export function endOf(node: Node): number {
  return node.end as number;
}

/** The text of `node` in the `source` it was parsed from. */
export function textOf(source: string, node: Node): string {
  return source.slice(startOf(node), endOf(node));
}

/** Whether `node` begins code of its own: what is inside does not run as part of the surrounding statements. */
export function isOwnCode(node: Node): boolean {
  return /Function|ObjectMethod|Class(Private)?Method|Class(Private|Accessor)?Property|StaticBlock/.test(
    node.type,
  );
}

/** A computed key such as `[await name()]` runs with the statements around the class or object. */
function isKey(node: Node, child: Node): boolean {
  return "key" in node && node.key === child;
}

const notChildren = /^(loc|extra|errors|tokens|comments|(leading|inner|trailing)Comments)$/;

/** The direct children of `node`, in the order the parser lists them. */
export function* childrenOf(node: Node): Generator<Node> {
  for (const [key, value] of Object.entries(node)) {
    if (notChildren.test(key)) continue;
    for (const child of Array.isArray(value) ? value : [value]) {
      if (typeof child?.type === "string") yield child as Node;
    }
  }
}

/**
 * Calls `visit` for `root` and everything below it, parents first.
 *
 * `isNested` tells whether the node is inside a function or class body; where `visit` returns `false`, the walk
 * does not go below that node.
 */
export function walk(root: Node, visit: (node: Node, isNested: boolean) => boolean | void): void {
  const step = (node: Node, isNested: boolean): void => {
    if (visit(node, isNested) === false) return;
    for (const child of childrenOf(node)) step(child, isNested || (isOwnCode(node) && !isKey(node, child)));
  };
  step(root, false);
}

/** A `var` inside of a block or a loop of the top level: it belongs to the top level all the same. */
export interface NestedVar {
  readonly node: NodeOf<"VariableDeclaration">;
  /** The loop, block or other statement that holds it. */
  readonly parent: Node;
}

/** Every nested `var` below `root`, which is a program or one of its statements. */
export function nestedVars(root: Node): NestedVar[] {
  const isTop = root.type === "Program" || root.type === "ExportNamedDeclaration";
  const inside = [...childrenOf(root)].filter((node) =>
    !isOwnCode(node) && node.type !== "TSModuleDeclaration"
  );
  return inside.flatMap((node) => {
    const isVar = node.type === "VariableDeclaration" && node.kind === "var" && !isTop;
    return [...(isVar ? [{ node, parent: root }] : []), ...nestedVars(node)];
  });
}

/** The names that a binding pattern binds: `{ a, b: [c = 1], ...d }` gives `a`, `c` and `d`. */
export function boundNames(pattern: Node | null | undefined): string[] {
  switch (pattern?.type) {
    case "Identifier":
      return [pattern.name];
    case "ObjectPattern":
      return pattern.properties.flatMap((each) =>
        boundNames(each.type === "RestElement" ? each : each.value)
      );
    case "ArrayPattern":
      return pattern.elements.flatMap((each) => boundNames(each));
    case "AssignmentPattern":
      return boundNames(pattern.left);
    case "RestElement":
      return boundNames(pattern.argument);
    case "TSParameterProperty":
      return boundNames(pattern.parameter);
    case "ParenthesizedExpression":
    case "TSAsExpression":
    case "TSNonNullExpression":
      return boundNames(pattern.expression);
    default:
      return [];
  }
}
