/**
 * Imports and exports of typed code: a script cannot hold them, so they become calls and plain declarations.
 *
 * @module
 */
import type { Edits } from "./edits.ts";
import { runtimeName } from "./runtime.ts";
import { endOf, type NodeOf, type Program, startOf, textOf, walk } from "./tree.ts";

/**
 * Adds the edits that turn static imports into awaited dynamic ones and take the word `export` away.
 *
 * This has to come before the types are stripped: an import of a name that only the next input uses would
 * otherwise count as unused and be dropped. Imported names are copies, not live bindings.
 */
export function rewriteImports(source: string, program: Program, edits: Edits): void {
  for (const node of program.body) {
    switch (node.type) {
      case "ImportDeclaration":
        edits.replace(startOf(node), endOf(node), importCode(node));
        break;
      case "ExportNamedDeclaration":
        if (node.declaration) edits.replace(startOf(node), startOf(node.declaration), "");
        else edits.replace(startOf(node), endOf(node), node.source ? sideEffect(node.source.value) : ";");
        break;
      case "ExportAllDeclaration":
        edits.replace(startOf(node), endOf(node), sideEffect(node.source.value));
        break;
      case "ExportDefaultDeclaration":
        rewriteDefaultExport(source, node, edits);
        break;
    }
  }
  walk(program, (node) => {
    if (node.type === "ImportExpression") {
      edits.replace(startOf(node), startOf(node) + "import".length, `${runtimeName}.import`);
    } else if (node.type === "MetaProperty" && node.meta.name === "import") {
      edits.replace(startOf(node), endOf(node), `${runtimeName}.meta()`);
    }
  });
}

/** The code that does at run time what the import declaration says. */
function importCode(node: NodeOf<"ImportDeclaration">): string {
  if (node.importKind === "type" || node.importKind === "typeof") return ";";
  const attributes = (node.attributes ?? []).map(({ key, value }) =>
    `${JSON.stringify(key.type === "Identifier" ? key.name : key.value)}: ${JSON.stringify(value.value)}`
  );
  const options = attributes.length === 0 ? "" : `, { with: { ${attributes.join(", ")} } }`;
  const imported = `await ${runtimeName}.import(${JSON.stringify(node.source.value)}${options})`;
  let namespace: string | undefined;
  const names: string[] = [];
  for (const specifier of node.specifiers) {
    if (specifier.type === "ImportNamespaceSpecifier") namespace = specifier.local.name;
    else if (specifier.type === "ImportDefaultSpecifier") names.push(`default: ${specifier.local.name}`);
    else if (specifier.importKind !== "type" && specifier.importKind !== "typeof") {
      const { imported, local } = specifier;
      const key = imported.type === "Identifier" ? imported.name : JSON.stringify(imported.value);
      names.push(key === local.name ? key : `${key}: ${local.name}`);
    }
  }
  const whole = namespace === undefined ? "" : `const ${namespace} = ${imported};`;
  const parts = names.length === 0 ? "" : `const { ${names.join(", ")} } = ${namespace ?? imported};`;
  return whole + parts || (node.specifiers.length === 0 ? `void (${imported});` : ";");
}

function sideEffect(specifier: string): string {
  return `void (await ${runtimeName}.import(${JSON.stringify(specifier)}));`;
}

/** A named function or class stays a declaration; any other default export has only its value to show. */
function rewriteDefaultExport(source: string, node: NodeOf<"ExportDefaultDeclaration">, edits: Edits): void {
  const { declaration } = node;
  const isDeclaration = /Declaration$/.test(declaration.type);
  const isNamed = isDeclaration && "id" in declaration && declaration.id;
  edits.replace(startOf(node), startOf(declaration), "");
  if (isNamed) return;
  const isStatementEnd = textOf(source, node).endsWith(";") && !isDeclaration;
  edits.wrap(startOf(declaration), endOf(declaration), "(", isStatementEnd ? ")" : ");");
}
