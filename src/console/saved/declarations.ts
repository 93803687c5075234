/**
 * Declarations of names that a session declares more than once: `let` the first time, assignments from then on.
 *
 * @module
 */
import type { Edits } from "../evaluator/edits.ts";
import { boundNames, endOf, type Node, type NodeOf, startOf, textOf } from "../evaluator/tree.ts";

/** Which names a script has so far. */
export class ScriptNames {
  readonly #variable: ReadonlySet<string>;
  readonly #live = new Set<string>();

  /** `variable` holds the names that are not simply declared once. */
  constructor(variable: ReadonlySet<string>) {
    this.#variable = variable;
  }

  /** Whether `name` is one of those that are declared with `let` and assigned to later. */
  isVariable(name: string): boolean {
    return this.#variable.has(name);
  }

  /** Whether `name` still needs its `let`. */
  isFresh(name: string): boolean {
    return this.#variable.has(name) && !this.#live.has(name);
  }

  /** Gives `"let "` for a name that needs it, the first time, and otherwise nothing. */
  letFor(name: string): string {
    if (!this.isFresh(name)) return "";
    this.#live.add(name);
    return "let ";
  }
}

/** Turns `const a = 1` into `let a = 1` or `a = 1`, where `a` is declared again or assigned to elsewhere. */
export function saveVariables(
  source: string,
  node: NodeOf<"VariableDeclaration">,
  names: ScriptNames,
  edits: Edits,
): void {
  const bound = node.declarations.flatMap(({ id }) => boundNames(id));
  const first = node.declarations[0], last = node.declarations[node.declarations.length - 1];
  if (!bound.some((name) => names.isVariable(name))) return;
  const isNew = bound.every((name) => names.isFresh(name) || !names.isVariable(name));
  const fresh = bound.filter((name) => names.letFor(name) || !names.isVariable(name));
  if (isNew) {
    edits.cut(startOf(node), startOf(first), "let ");
    return;
  }
  edits.cut(startOf(node), startOf(first), fresh.length === 0 ? "" : `let ${fresh.join(", ")};\n`);
  node.declarations.forEach((declarator, index) => {
    const { id, init } = declarator;
    const isObject = id.type === "ObjectPattern";
    edits.wrap(startOf(declarator), endOf(declarator), isObject ? "(" : "", isObject ? ")" : "");
    const annotation = "typeAnnotation" in id ? id.typeAnnotation : undefined;
    const name = annotation
      ? source.slice(startOf(id), startOf(annotation)).replace(/\s*!?\s*$/, "")
      : textOf(source, id);
    const unset = node.kind === "var" ? "void 0" : `${name} = undefined`;
    edits.cut(startOf(id), endOf(id), init ? name : unset);
    if (declarator !== last) edits.cut(endOf(declarator), startOf(node.declarations[index + 1]), ";\n");
  });
}

/** Strips `var` from a loop or a block whose variable is declared with `let` elsewhere; gives names to declare. */
export function saveNestedVar(
  node: NodeOf<"VariableDeclaration">,
  parent: Node,
  names: ScriptNames,
  edits: Edits,
): string[] {
  const bound = node.declarations.flatMap(({ id }) => boundNames(id));
  if (!bound.some((name) => names.isVariable(name))) return [];
  const first = node.declarations[0];
  const isObject = first.id.type === "ObjectPattern" && !parent.type.startsWith("For");
  edits.cut(startOf(node), startOf(first), isObject ? "(" : "");
  if (isObject) edits.insert(endOf(first), ")");
  return bound.filter((name) => names.letFor(name) || !names.isVariable(name));
}

/** Turns `function f() {}` into `f = function () {};`, with `let ` in front where it is needed; classes alike. */
export function saveAsAssignment(
  source: string,
  node: NodeOf<"FunctionDeclaration"> | NodeOf<"ClassDeclaration">,
  names: ScriptNames,
  edits: Edits,
): void {
  const { id } = node;
  if (!id || !names.isVariable(id.name)) return;
  edits.wrap(startOf(node), endOf(node), `${names.letFor(id.name)}${id.name} = `, ";");
  if (node.type === "ClassDeclaration" && node.abstract) { // no class expression is abstract
    edits.cut(startOf(node), startOf(node) + source.slice(startOf(node)).indexOf("class"));
  }
  const blanks = node.type === "ClassDeclaration" ? source.slice(endOf(id)).search(/\S/) : 0;
  edits.cut(startOf(id), endOf(id) + blanks);
}

/** Puts an enum into a function, since a module cannot assign to one. */
export function saveEnum(node: NodeOf<"TSEnumDeclaration">, names: ScriptNames, edits: Edits): void {
  const { name } = node.id;
  if (!names.isVariable(name)) return;
  edits.wrap(
    startOf(node),
    endOf(node),
    `${names.letFor(name)}${name} = (() => {\n`,
    `\nreturn ${name};\n})();`,
  );
}
