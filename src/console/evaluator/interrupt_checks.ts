/**
 * Looks for Ctrl-C, inserted into typed code wherever it could run without end.
 *
 * @module
 */
import type { Edits } from "./edits.ts";
import { runtimeName } from "./runtime.ts";
import { endOf, type Node, type NodeOf, startOf, walk } from "./tree.ts";

const check = `${runtimeName}.check()`;
const alive = `${runtimeName}.alive`;

/**
 * Adds a check at every loop head and every function entry, and around every `await`. The check of a loop is the
 * first thing in its body and so outside of any `try` in there: `while (true) { try { … } catch {} }` stops too.
 */
export function insertChecks(roots: readonly Node[], edits: Edits): void {
  for (const root of roots) walk(root, (node) => insertCheck(node, edits));
}

function insertCheck(node: Node, edits: Edits): void {
  switch (node.type) {
    case "ForOfStatement":
      checkLoop(node.body, edits, node.await ? `${alive}()` : check);
      break;
    case "ForStatement":
    case "ForInStatement":
    case "WhileStatement":
    case "DoWhileStatement":
      checkLoop(node.body, edits, check);
      break;
    case "FunctionDeclaration":
    case "FunctionExpression":
    case "ObjectMethod":
    case "ClassMethod":
    case "ClassPrivateMethod":
      checkBlock(node.body, edits);
      break;
    case "ArrowFunctionExpression":
      if (node.body.type === "BlockStatement") checkBlock(node.body, edits);
      else edits.wrap(startOf(node.body), endOf(node.body), `(${check}, `, ")");
      break;
    case "AwaitExpression":
      edits.wrap(startOf(node), endOf(node), `${alive}(`, ")");
      break;
  }
}

function checkLoop(body: Node, edits: Edits, call: string): void {
  if (body.type === "BlockStatement") edits.insert(startOf(body) + 1, `${call};`);
  else edits.wrap(startOf(body), endOf(body), `{${call};`, "}");
}

/** Behind the directives, which would be plain strings anywhere else. */
function checkBlock(body: NodeOf<"BlockStatement">, edits: Edits): void {
  const directive = body.directives.at(-1);
  edits.insert(directive ? endOf(directive) : startOf(body) + 1, `${directive ? ";" : ""}${check};`);
}
