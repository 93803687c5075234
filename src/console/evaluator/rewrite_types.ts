/**
 * From TypeScript to JavaScript without moving a line or a column.
 *
 * @module
 */
import { stripTypeScriptTypes } from "node:module";
import type { Edits } from "./edits.ts";
import { SourceError, type Syntax } from "./syntax.ts";
import { childrenOf, endOf, type NodeOf, type Program, startOf, textOf, walk } from "./tree.ts";

/** Blanks out everything that is only a type. What is left stands where it stood. */
export function stripTypes(source: string): string {
  return toJavaScript(source, "strip");
}

function toJavaScript(source: string, mode: "strip" | "transform"): string {
  try {
    return stripTypeScriptTypes(source, { mode });
  } catch (error) {
    const message = (error as Error).message.replace(
      / at file:\/\/\/stripTypeScriptTypes\.ts:(\d+):(\d+)$/,
      "",
    );
    const [, line = 1, column = 1] = (error as Error).message.match(/:(\d+):(\d+)$/) ?? [];
    throw new SourceError(message.replace(/\.$/, ""), Number(line), Number(column));
  }
}

/**
 * Adds the edits for the TypeScript that is more than types, which {@linkcode stripTypes} refuses: enums,
 * namespaces, parameter properties and `<T>value` casts.
 */
export function rewriteTypes(syntax: Syntax, source: string, program: Program, edits: Edits): void {
  const seen = new Set<string>();
  walk(program, (node, isNested) => {
    if (node.type === "TSEnumDeclaration" || node.type === "TSModuleDeclaration") {
      const isTopLevel = !isNested &&
        program.body.some((each) => each === node || childrenOf(each).some((child) => child === node));
      edits.replace(startOf(node), endOf(node), enumOrNamespace(syntax, source, node, isTopLevel, seen));
      return false;
    }
    if (node.type === "TSTypeAssertion") edits.replace(startOf(node), startOf(node.expression), "");
    if (node.type === "ClassDeclaration" || node.type === "ClassExpression") {
      rewriteParameterProperties(node, edits);
    }
  });
}

/**
 * The JavaScript of an enum or a namespace, on one line. At the top level it begins anew: without that, what an
 * earlier input declared under the same name would be extended, whatever it was.
 */
export function enumOrNamespace(
  syntax: Syntax,
  source: string,
  node: NodeOf<"TSEnumDeclaration" | "TSModuleDeclaration">,
  isTopLevel: boolean,
  seen: Set<string> = new Set(),
): string {
  const text = textOf(source, node).replace(/^const\s+/, ""); // of a constant enum nothing would be left to look at
  const code = onOneLine(syntax, toJavaScript(text, "transform"));
  const { id } = node;
  if (code === "" || !isTopLevel || id.type !== "Identifier" || seen.has(id.name)) return code;
  seen.add(id.name);
  return `void (${id.name} = undefined);${code}`;
}

/** Joins generated code to one line, so that no user line moves down. Every statement of it has its semicolon. */
function onOneLine(syntax: Syntax, code: string): string {
  let done = 0, line = "";
  for (const { start, end } of syntax.tokensOf(code)) {
    line += (start > done ? " " : "") + code.slice(start, end);
    done = end;
  }
  return line.trim();
}

/** `constructor(private a: number)` becomes `constructor(a: number) { this.a = a; … }`. */
function rewriteParameterProperties(
  node: NodeOf<"ClassDeclaration" | "ClassExpression">,
  edits: Edits,
): void {
  const constructor = node.body.body.find((each) =>
    each.type === "ClassMethod" && each.kind === "constructor"
  );
  if (constructor?.type !== "ClassMethod") return;
  let assignments = "";
  for (const parameter of constructor.params) {
    if (parameter.type !== "TSParameterProperty") continue;
    edits.replace(startOf(parameter), startOf(parameter.parameter), "");
    const target = parameter.parameter.type === "AssignmentPattern"
      ? parameter.parameter.left
      : parameter.parameter;
    if (target.type === "Identifier") assignments += `this.${target.name} = ${target.name};`;
  }
  if (assignments === "") return;
  const superCall = constructor.body.body.find((each) =>
    each.type === "ExpressionStatement" && each.expression.type === "CallExpression" &&
    each.expression.callee.type === "Super"
  );
  edits.insert(superCall ? endOf(superCall) : startOf(constructor.body) + 1, `;${assignments}`);
}
