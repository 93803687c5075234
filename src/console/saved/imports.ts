/**
 * The import lines on top of a saved script: those of every input, merged.
 *
 * @module
 */
import { importedName } from "./session.ts";
import type { NodeOf } from "../evaluator/tree.ts";

interface ImportedName {
  /** The name in the module: `default` and `*` included. */
  readonly name: string;
  readonly local: string;
  readonly isType: boolean;
}

/** Collects imports and writes each module's down once. */
export class SavedImports {
  readonly #modules = new Map<string, { names: ImportedName[]; attributes: string; specifier: string }>();

  /** Adds a name of a module. A value import of a name replaces a type import of the same. */
  add(
    specifier: string,
    name: string,
    local: string,
    options: { isType?: boolean; attributes?: string } = {},
  ): void {
    const { names } = this.#module(specifier, options.attributes);
    const isType = options.isType ?? false;
    const same = names.findIndex((each) => each.name === name && each.local === local);
    if (same === -1) names.push({ name, local, isType });
    else if (!isType) names[same] = { name, local, isType };
  }

  /** Adds a whole declaration, whose specifier is written as `specifier`. */
  addDeclaration(node: NodeOf<"ImportDeclaration">, specifier: string): void {
    const attributes = attributesOf(node);
    this.#module(specifier, attributes);
    for (const each of node.specifiers) {
      const isType = node.importKind === "type" ||
        (each.type === "ImportSpecifier" && each.importKind === "type");
      this.add(specifier, importedName(each), each.local.name, { isType, attributes });
    }
  }

  /** Adds a module that is imported for what it does. */
  addSideEffect(specifier: string): void {
    this.#module(specifier);
  }

  /** The import lines, in the order in which the modules were first added. */
  lines(): string[] {
    return [...this.#modules.values()].flatMap(({ names, attributes, specifier }) => {
      const from = `${JSON.stringify(specifier)}${attributes};`;
      if (names.length === 0) return [`import ${from}`];
      const whole = names.filter(({ name }) => name === "*");
      const defaults = names.filter(({ name }) => name === "default");
      const parts = names.filter(({ name }) => name !== "*" && name !== "default");
      const lines = whole.map(({ local, isType }) =>
        `import ${isType ? "type " : ""}* as ${local} from ${from}`
      );
      lines.push(
        ...defaults.map(({ local, isType }) => `import ${isType ? "type " : ""}${local} from ${from}`),
      );
      if (parts.length > 0) lines.push(`import { ${parts.map(partCode).join(", ")} } from ${from}`);
      return lines;
    });
  }

  #module(specifier: string, attributes = "") {
    const key = specifier + attributes;
    const found = this.#modules.get(key) ?? { names: [], attributes, specifier };
    this.#modules.set(key, found);
    return found;
  }
}

function partCode({ name, local, isType }: ImportedName): string {
  const key = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) ? name : JSON.stringify(name);
  return `${isType ? "type " : ""}${key === local ? key : `${key} as ${local}`}`;
}

/** The `with { … }` of an import, with a space before it; empty when there is none. */
export function attributesOf(node: NodeOf<"ImportDeclaration">): string {
  const attributes = (node.attributes ?? []).map(({ key, value }) =>
    `${key.type === "Identifier" ? key.name : JSON.stringify(key.value)}: ${JSON.stringify(value.value)}`
  );
  return attributes.length === 0 ? "" : ` with { ${attributes.join(", ")} }`;
}
