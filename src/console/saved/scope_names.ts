/**
 * Which names each scope of a program binds.
 *
 * @module
 */
import { boundNames, childrenOf, isOwnCode, type Node } from "../evaluator/tree.ts";

/** The names that a node binds for what is inside of it. */
export function namesBoundBy(node: Node): string[] {
  switch (node.type) {
    case "BlockStatement":
    case "TSModuleBlock":
      return node.body.flatMap(lexicalNames);
    case "StaticBlock":
      return [...node.body.flatMap(lexicalNames), ...node.body.flatMap(varNames)];
    case "SwitchStatement":
      return node.cases.flatMap((each) => each.consequent.flatMap(lexicalNames));
    case "ForStatement":
      return node.init ? lexicalNames(node.init) : [];
    case "ForInStatement":
    case "ForOfStatement":
      return lexicalNames(node.left);
    case "CatchClause":
      return boundNames(node.param);
    case "ClassExpression":
      return boundNames(node.id);
    case "FunctionDeclaration":
    case "FunctionExpression":
    case "ArrowFunctionExpression":
    case "ObjectMethod":
    case "ClassMethod":
    case "ClassPrivateMethod": {
      const own = node.type === "FunctionExpression" ? boundNames(node.id) : [];
      const implied = node.type === "ArrowFunctionExpression" ? [] : ["arguments"];
      return [...own, ...implied, ...node.params.flatMap((each) => boundNames(each)), ...varNames(node.body)];
    }
    default:
      return [];
  }
}

function lexicalNames(node: Node): string[] {
  switch (node.type) {
    case "VariableDeclaration":
      return node.kind === "var" ? [] : node.declarations.flatMap(({ id }) => boundNames(id));
    case "ClassDeclaration":
    case "FunctionDeclaration":
    case "TSEnumDeclaration":
    case "TSModuleDeclaration":
      return boundNames(node.id);
    case "ExportNamedDeclaration":
      return node.declaration ? lexicalNames(node.declaration) : [];
    default:
      return [];
  }
}

/** The `var`s of a function body, however deep in its blocks. */
function varNames(node: Node): string[] {
  const own = node.type === "VariableDeclaration" && node.kind === "var"
    ? node.declarations.flatMap(({ id }) => boundNames(id))
    : [];
  return [...own, ...[...childrenOf(node)].filter((each) => !isOwnCode(each)).flatMap(varNames)];
}
