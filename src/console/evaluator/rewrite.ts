/**
 * From one typed input to code that runs as a script: the steps, in their order.
 *
 * @module
 */
import { Edits } from "./edits.ts";
import { insertChecks } from "./interrupt_checks.ts";
import { rewriteDeclarations } from "./rewrite_declarations.ts";
import { rewriteImports } from "./rewrite_imports.ts";
import { rewriteTypes, stripTypes } from "./rewrite_types.ts";
import type { Syntax } from "./syntax.ts";
import { endOf, type Node, type Program, startOf, type Statement, textOf, walk } from "./tree.ts";

/** A place in a text; line and column are counted from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Code that runs as a script, and where it comes from. */
export interface Script {
  readonly code: string;
  /** Where in the input a place of `code` comes from; `null` for what the rewriting put around the input. */
  readonly origin: (place: Position) => Position | null;
}

/**
 * An input, ready to run. When `isAsync`, the value of its script is a promise of `{ value }`, or of `undefined`
 * when the last statement is no expression; otherwise it is the value itself.
 */
export interface Rewritten extends Script {
  /** The function declarations of an asynchronous input, which run first. */
  readonly functions?: Script;
  /** Whether the input awaits something at its top level. */
  readonly isAsync: boolean;
  /** Whether the last statement is an expression, so that the input has a value. */
  readonly isExpression: boolean;
  /** Whether that is all of it: one expression, so that nothing comes of the input but its value. */
  readonly isOneExpression: boolean;
  /** The global names that the input declares. */
  readonly declared: readonly string[];
}

/**
 * Rewrites one input. Pure: nothing is run. A promise that the input merely mentions is not awaited.
 *
 * @throws {Incomplete} When the input needs another line.
 * @throws {SourceError} When it is wrong.
 */
export function rewrite(syntax: Syntax, source: string): Rewritten {
  const program = syntax.parseInput(source);
  const first = new Edits();
  keepExpressions(source, program, first);
  rewriteImports(source, program, first);
  rewriteTypes(syntax, source, program, first);
  const untyped = first.apply(source);
  const javascript = stripTypes(untyped.text);

  const script = syntax.parseJavaScript(javascript);
  const isAsync = awaits(script);
  const isExpression = endsInExpression(program);
  const main = new Edits(), functions = new Edits();
  const ending = script.body.findLast((each) => each.type !== "EmptyStatement");
  if (isAsync && isExpression && ending) returnValue(javascript, ending, main);
  const declared = rewriteDeclarations(javascript, script, main);
  const apart = isAsync ? declared.functions : []; // inside of the async wrapper they would be no globals
  insertChecks(script.body.filter((each) => !apart.some((one) => one === each)), main);
  insertChecks(apart, functions);
  keepOnly(apart, javascript.length, functions);
  for (const each of apart) main.replace(startOf(each), endOf(each), ";");

  const names = declared.variables.length === 0 ? "" : `var ${declared.variables.join(", ")};`;
  const head = isAsync ? `${names}(async () => {` : names;
  const tail = isAsync ? "\n})()" : "";
  const scriptOf = (edits: Edits, head: string, tail: string): Script => {
    const { text, originOf } = edits.apply(javascript);
    const origin = (place: Position) => {
      const offset = offsetOf(head + text, place) - head.length;
      const isTyped = offset >= 0 && offset < text.length;
      return isTyped ? positionOf(source, untyped.originOf(originOf(offset))) : null;
    };
    return { code: head + text + tail, origin };
  };
  return {
    ...scriptOf(main, head, tail),
    functions: apart.length === 0 ? undefined : scriptOf(functions, "", ""),
    isAsync,
    isExpression,
    isOneExpression: isExpression && statementsOf(program) <= 1,
    declared: [...declared.variables, ...declared.functions.flatMap(({ id }) => id?.name ?? [])],
  };
}

/** A lone string is no directive here, and what begins with `{` and came back as an expression is an object. */
function keepExpressions(source: string, program: Program, edits: Edits): void {
  const { interpreter } = program; // the `#!` of a whole script that was pasted
  if (interpreter) edits.replace(startOf(interpreter), endOf(interpreter), "");
  for (const { value } of program.directives) edits.wrap(startOf(value), endOf(value), "(", ")");
  for (const node of program.body) {
    if (node.type !== "ExpressionStatement" || source[startOf(node.expression)] !== "{") continue;
    edits.wrap(startOf(node.expression), endOf(node.expression), "(", ")");
  }
}

function endsInExpression(program: Program): boolean {
  const last = program.body.findLast((each) => each.type !== "EmptyStatement");
  if (last === undefined) return program.directives.length > 0;
  if (last.type === "ExportDefaultDeclaration") return !/Declaration$/.test(last.declaration.type);
  return last.type === "ExpressionStatement";
}

function statementsOf({ body, directives }: Program): number {
  return directives.length + body.filter(({ type }) => type !== "EmptyStatement").length;
}

function awaits(script: Program): boolean {
  let found = false;
  walk(script, (node, isNested) => {
    if (found || isNested) return false;
    found = node.type === "AwaitExpression" || (node.type === "ForOfStatement" && node.await) ||
      (node.type === "VariableDeclaration" && node.kind === "await using");
  });
  return found;
}

/** Boxed, because a promise that is the value must not be awaited on the way out. */
function returnValue(javascript: string, statement: Statement, edits: Edits): void {
  const hasSemicolon = textOf(javascript, statement).endsWith(";");
  edits.wrap(startOf(statement), endOf(statement) - (hasSemicolon ? 1 : 0), "return { value: (", ") }");
}

function keepOnly(nodes: readonly Node[], length: number, edits: Edits): void {
  let done = 0;
  for (const node of nodes) {
    edits.replace(done, startOf(node), "");
    done = endOf(node);
  }
  edits.replace(done, length, "");
}

function offsetOf(text: string, { line, column }: Position): number {
  let start = 0;
  for (let at = 1; at < line; at++) {
    const end = text.indexOf("\n", start);
    if (end === -1) return text.length;
    start = end + 1;
  }
  return start + column - 1;
}

function positionOf(text: string, offset: number): Position {
  const before = text.slice(0, offset).split("\n");
  return { line: before.length, column: before[before.length - 1].length + 1 };
}
