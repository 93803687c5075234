/**
 * What a whole session declares and uses: what has to be known before its first line can be saved.
 *
 * @module
 */
import { type NameUses, nameUses } from "./name_uses.ts";
import type { Syntax } from "../evaluator/syntax.ts";
import {
  boundNames,
  nestedVars,
  type Node,
  type NodeOf,
  type Program,
  type Statement,
  walk,
} from "../evaluator/tree.ts";

/** One input that succeeded. */
export interface SavedInput {
  /** What was typed. */
  readonly source: string;
  /** Whether the value of its last expression was shown. */
  readonly printed: boolean;
}

/** An input, taken apart. */
export interface ParsedInput extends SavedInput {
  readonly program: Program;
  readonly uses: NameUses;
}

/** How a name came into being. */
type Kind = "var" | "let" | "const" | "function" | "class" | "import" | "enum";

interface Declaration {
  readonly name: string;
  readonly kind: Kind;
  readonly input: number;
  /** For an import: what is imported from where. Twice the same is one declaration. */
  readonly origin?: string;
}

/** The names of a session. */
export class Session {
  readonly inputs: readonly ParsedInput[];
  /** The input that declares or first assigns each name. */
  readonly firstInput: ReadonlyMap<string, number>;
  /** Names that need `let` and assignments, because a module declares a name once and keeps its constants. */
  readonly variable: ReadonlySet<string>;
  /** Whether an input reads `_` before any value was shown. */
  readonly readsUnsetResult: boolean;
  /** Inputs whose value a later input reads as `_`. */
  readonly remembered: ReadonlySet<number>;

  constructor(syntax: Syntax, inputs: readonly SavedInput[]) {
    this.inputs = inputs.map((input) => {
      const program = syntax.parseInput(input.source);
      return { ...input, program, uses: nameUses(program.body) };
    });
    const declarations = this.inputs.flatMap(({ program }, input) => declarationsOf(program, input));
    const firstInput = new Map<string, number>();
    const note = (name: string, input: number) =>
      firstInput.set(name, Math.min(input, firstInput.get(name) ?? Infinity));
    for (const { name, input } of declarations) note(name, input);
    const declared = new Set(firstInput.keys());
    this.inputs.forEach(({ uses }, input) =>
      uses.writes.forEach((name) => declared.has(name) || note(name, input))
    );
    const ownResultFrom = firstInput.get("_") ?? Infinity;
    this.remembered = rememberedInputs(this.inputs, ownResultFrom);
    const firstRead = this.inputs.findIndex(({ uses }) => uses.reads.has("_"));
    const firstShown = this.inputs.findIndex(({ printed }) => printed);
    this.readsUnsetResult = firstRead !== -1 && firstRead < ownResultFrom &&
      (firstShown === -1 || firstShown >= firstRead);
    this.firstInput = firstInput;
    const keepsResults = this.remembered.size > 0 || this.readsUnsetResult;
    this.variable = variableNames(declarations, this.inputs, keepsResults);
  }
}

function variableNames(
  declarations: readonly Declaration[],
  inputs: readonly ParsedInput[],
  keepsResults: boolean,
): Set<string> {
  const byName = Map.groupBy(declarations, ({ name }) => name);
  const written = new Set(inputs.flatMap(({ uses }) => [...uses.writes]));
  const globals = new Set(inputs.flatMap(({ program }) => globalsOf(program)));
  const found = new Set([...written].filter((name) => !byName.has(name) && !globals.has(name)));
  if (keepsResults) found.add("_");
  for (const [name, all] of byName) {
    const isMerged = (input: number) => all.some((each) => each.input === input && each.kind === "enum");
    const distinct = new Set(
      all.map(({ input, origin }, index) => origin ?? (isMerged(input) ? `${input}` : `${input}.${index}`)),
    );
    const isFixed = all.some(({ kind }) => kind === "const" || kind === "import" || kind === "enum");
    const isRepeated = distinct.size > 1 && !all.every(({ kind }) => kind === "var");
    const firstWrite = inputs.findIndex(({ uses }) => uses.writes.has(name));
    const isWrittenFirst = firstWrite !== -1 && all.every(({ input }) => input > firstWrite);
    if (isRepeated || isWrittenFirst || (isFixed && written.has(name))) found.add(name);
  }
  return found;
}

/** Names that are made by `globalThis.name = …`: there is nothing to be declared. */
function globalsOf(program: Program): string[] {
  const found: string[] = [];
  walk(program, (node) => {
    if (node.type !== "AssignmentExpression" || node.left.type !== "MemberExpression") return;
    const { object, property, computed } = node.left;
    if (object.type !== "Identifier" || object.name !== "globalThis") return;
    if (!computed && property.type === "Identifier") found.push(property.name);
    if (computed && property.type === "StringLiteral") found.push(property.value);
  });
  return found;
}

/** Only the last value shown before a use of `_` has to be kept. What comes after a `_` of the user's is theirs. */
function rememberedInputs(inputs: readonly ParsedInput[], ownFrom: number): Set<number> {
  const found = new Set<number>();
  inputs.forEach(({ uses }, index) => {
    if (index > ownFrom || !uses.reads.has("_")) return;
    const before = inputs.findLastIndex(({ printed }, each) => printed && each < index);
    if (before !== -1) found.add(before);
  });
  return found;
}

function declarationsOf(program: Program, input: number): Declaration[] {
  const top = program.body.flatMap((node) => declaredBy(node).map((each) => ({ ...each, input })));
  const nested = nestedVars(program).flatMap(({ node }) => declaredBy(node)).map((each) => ({
    ...each,
    input,
  }));
  return [...top, ...nested];
}

function declaredBy(statement: Statement | Node): Omit<Declaration, "input">[] {
  const named = (id: Node | null | undefined, kind: Kind) => boundNames(id).map((name) => ({ name, kind }));
  if ("declare" in statement && statement.declare) return [];
  switch (statement.type) {
    case "ImportDeclaration":
      return statement.specifiers.map((each) => ({
        name: each.local.name,
        kind: "import",
        origin: `${statement.source.value} ${importedName(each)}`,
      }));
    case "VariableDeclaration": {
      const kind = statement.kind === "var" || statement.kind === "let" ? statement.kind : "const";
      return statement.declarations.flatMap(({ id }) => named(id, kind));
    }
    case "FunctionDeclaration":
      return named(statement.id, "function");
    case "ClassDeclaration":
      return named(statement.id, "class");
    case "TSEnumDeclaration":
    case "TSModuleDeclaration":
      return named(statement.id, "enum");
    case "ExportNamedDeclaration":
    case "ExportDefaultDeclaration":
      return statement.declaration ? declaredBy(statement.declaration) : [];
    default:
      return [];
  }
}

/** The name of an import in its module; `*` for the whole module. */
export function importedName(specifier: NodeOf<"ImportDeclaration">["specifiers"][number]): string {
  if (specifier.type === "ImportDefaultSpecifier") return "default";
  if (specifier.type === "ImportNamespaceSpecifier") return "*";
  return specifier.imported.type === "Identifier" ? specifier.imported.name : specifier.imported.value;
}
