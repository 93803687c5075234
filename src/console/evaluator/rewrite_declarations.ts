/**
 * Top-level declarations of typed code: they become assignments to globals, so that anything may be declared
 * again by anything, as nobody gets a line right the first time.
 *
 * @module
 */
import type { Edits } from "./edits.ts";
import { boundNames, endOf, nestedVars, type NodeOf, type Program, startOf, textOf } from "./tree.ts";

/** The names that an input declares. */
export interface Declared {
  /** Variables and classes, which are to be declared with `var` in front of the code. */
  readonly variables: readonly string[];
  /** The function declarations at the top level, in order. */
  readonly functions: readonly NodeOf<"FunctionDeclaration">[];
}

/**
 * Adds the edits that turn the top-level declarations of JavaScript into assignments. `const` is not enforced,
 * and what `using` declares stays open: an input of the prompt is not a block that ends.
 */
export function rewriteDeclarations(source: string, program: Program, edits: Edits): Declared {
  const variables = new Set<string>();
  const functions: NodeOf<"FunctionDeclaration">[] = [];
  const note = (node: NodeOf<"VariableDeclaration">): void => {
    for (const { id } of node.declarations) boundNames(id).forEach((name) => variables.add(name));
  };
  for (const node of program.body) {
    if (node.type === "VariableDeclaration") {
      note(node);
      rewriteVariables(source, node, edits, "void (", ");");
    } else if (node.type === "ClassDeclaration" && node.id) {
      variables.add(node.id.name);
      edits.wrap(startOf(node), endOf(node), `void (${node.id.name} = `, ");");
    } else if (node.type === "FunctionDeclaration") {
      functions.push(node);
    }
  }
  for (const { node, parent } of nestedVars(program)) {
    note(node);
    if (parent.type === "ForStatement") rewriteVariables(source, node, edits, "", "");
    else if (parent.type === "ForInStatement" || parent.type === "ForOfStatement") {
      edits.replace(startOf(node), startOf(node.declarations[0].id), "");
    } else rewriteVariables(source, node, edits, "void (", ");");
  }
  return { variables: [...variables], functions };
}

/** `let a = 1, b` becomes `void ((a = 1), (b = undefined));`. */
function rewriteVariables(
  source: string,
  node: NodeOf<"VariableDeclaration">,
  edits: Edits,
  before: string,
  after: string,
): void {
  edits.replace(startOf(node), startOf(node.declarations[0]), before);
  if (textOf(source, node).endsWith(";")) edits.replace(endOf(node) - 1, endOf(node), after);
  else edits.wrap(endOf(node), endOf(node), "", after);
  for (const declarator of node.declarations) {
    const start = startOf(declarator), end = endOf(declarator);
    if (declarator.init) edits.wrap(start, end, "(", ")");
    else if (node.kind === "var") edits.replace(start, end, "0"); // a second `var a` leaves the value alone
    else edits.wrap(start, end, "(", " = undefined)");
  }
}
