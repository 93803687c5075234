/**
 * One input of a session as lines of a module.
 *
 * @module
 */
import { Edits } from "../evaluator/edits.ts";
import { nameUses } from "./name_uses.ts";
import { enumOrNamespace } from "../evaluator/rewrite_types.ts";
import {
  saveAsAssignment,
  saveEnum,
  saveNestedVar,
  saveVariables,
  type ScriptNames,
} from "./declarations.ts";
import { attributesOf, type SavedImports } from "./imports.ts";
import { PACKAGE_NAME } from "../../version.ts";
import { importedName, type ParsedInput } from "./session.ts";
import type { Syntax } from "../evaluator/syntax.ts";
import {
  endOf,
  nestedVars,
  type Node,
  type NodeOf,
  startOf,
  type Statement,
  textOf,
  walk,
} from "../evaluator/tree.ts";

/** What all the inputs of a script share while they are written. */
export interface ScriptParts {
  readonly syntax: Syntax;
  readonly imports: SavedImports;
  readonly names: ScriptNames;
  /** The local name of the function that shows a value as the console does. */
  readonly show: string;
  /** How the script imports Parley, by whatever name it was imported at the prompt. */
  readonly modSpecifier: string;
  readonly rebase: (specifier: string) => string;
}

/** Writes one input as lines of a module; its static imports go to `parts.imports`. */
export function saveInput(input: ParsedInput, remember: boolean, parts: ScriptParts): string {
  const writer = new InputWriter(input, parts);
  return writer.write(remember);
}

class InputWriter {
  readonly #source: string;
  readonly #input: ParsedInput;
  readonly #parts: ScriptParts;
  readonly #edits = new Edits();

  constructor(input: ParsedInput, parts: ScriptParts) {
    this.#source = input.source;
    this.#input = input;
    this.#parts = parts;
  }

  write(remember: boolean): string {
    const { program, printed } = this.#input;
    const last = program.body.findLast((each) => each.type !== "EmptyStatement");
    for (const statement of program.body) {
      const isShown = statement === last && printed;
      const lets = this.#letsFor(statement);
      if (this.#isFirstAssignment(statement, lets) && !(isShown && remember)) {
        this.#firstAssignment(statement, lets[0], isShown);
        continue;
      }
      if (lets.length > 0) this.#edits.insert(startOf(statement), `let ${lets.join(", ")};\n`);
      this.#statement(statement, isShown, isShown && remember);
    }
    const lone = last === undefined ? program.directives.at(-1) : undefined;
    if (lone) this.#expression(lone, lone.value, printed, remember);
    this.#rebaseDynamicImports();
    return this.#edits.apply(this.#source).text.trim();
  }

  #statement(statement: Statement, isShown: boolean, remember: boolean): void {
    switch (statement.type) {
      case "ImportDeclaration":
        return this.#import(statement);
      case "ExpressionStatement":
        return this.#expression(statement, statement.expression, isShown, remember);
      case "ExportAllDeclaration":
        this.#parts.imports.addSideEffect(this.#rebased(statement.source.value));
        return this.#remove(statement);
      case "ExportNamedDeclaration":
        if (statement.source) this.#parts.imports.addSideEffect(this.#rebased(statement.source.value));
        if (!statement.declaration) return this.#remove(statement);
        this.#edits.cut(startOf(statement), startOf(statement.declaration));
        return this.#declaration(statement.declaration);
      case "ExportDefaultDeclaration": {
        const { declaration } = statement;
        this.#edits.cut(startOf(statement), startOf(declaration));
        const isNamed = "id" in declaration && declaration.id;
        return isNamed
          ? this.#declaration(declaration)
          : this.#expression(statement, declaration, isShown, remember);
      }
      default:
        return this.#declaration(statement);
    }
  }

  /** The declarations that a module needs and the prompt did not: of names assigned to, and of a loop's `var`. */
  #letsFor(statement: Statement): string[] {
    const { names } = this.#parts;
    const written = [...nameUses([statement]).writes].filter((name) => names.letFor(name));
    const nested = nestedVars(statement).flatMap(({ node, parent }) =>
      saveNestedVar(node, parent, names, this.#edits)
    );
    return [...written, ...nested];
  }

  #isFirstAssignment(statement: Statement, lets: readonly string[]): boolean {
    if (statement.type !== "ExpressionStatement" || lets.length !== 1) return false;
    const { expression } = statement;
    return expression.type === "AssignmentExpression" && expression.operator === "=" &&
      expression.left.type === "Identifier" && expression.left.name === lets[0];
  }

  #firstAssignment(statement: Statement, name: string, isShown: boolean): void {
    this.#edits.insert(startOf(statement), "let ");
    if (isShown) this.#edits.wrap(endOf(statement), endOf(statement), "", `\n${this.#parts.show}(${name});`);
    this.#endWithSemicolon(statement);
  }

  #expression(statement: Node, expression: Node, isShown: boolean, remember: boolean): void {
    const { names, show } = this.#parts;
    const start = startOf(expression), end = endOf(expression);
    this.#endWithSemicolon(statement);
    if (remember) {
      this.#edits.wrap(start, end, names.letFor("_") === "" ? "_ = " : "let _: any = ", `;\n${show}(_)`);
    } else if (isShown) this.#edits.wrap(start, end, `${show}(`, ")");
    const isObject = this.#source[start] === "{" || /^(Class|Function)/.test(expression.type);
    const needsParentheses = isShown ? expression.type === "SequenceExpression" : isObject;
    if (needsParentheses) this.#edits.wrap(start, end, "(", ")");
  }

  /** What follows may begin with a parenthesis. Added first, so that it stands behind all else that ends there. */
  #endWithSemicolon(statement: Node): void {
    if (textOf(this.#source, statement).endsWith(";")) return;
    this.#edits.wrap(endOf(statement), endOf(statement), "", ";");
  }

  #declaration(node: Node): void {
    const { names } = this.#parts;
    switch (node.type) {
      case "VariableDeclaration":
        this.#endWithSemicolon(node);
        if (!node.declare) saveVariables(this.#source, node, names, this.#edits);
        return;
      case "FunctionDeclaration":
      case "ClassDeclaration":
        return saveAsAssignment(this.#source, node, names, this.#edits);
      case "TSDeclareFunction":
        return node.id && names.isVariable(node.id.name) ? this.#remove(node) : undefined;
      case "TSEnumDeclaration":
        return saveEnum(node, names, this.#edits);
      case "TSModuleDeclaration":
        return this.#namespace(node);
      case "DoWhileStatement":
      case "ThrowStatement":
        return this.#endWithSemicolon(node);
    }
  }

  /** A namespace that is declared again can only be saved as the JavaScript that it stands for. */
  #namespace(node: NodeOf<"TSModuleDeclaration">): void {
    const { names, syntax } = this.#parts;
    if (node.id.type !== "Identifier" || !names.isVariable(node.id.name)) return;
    const { name } = node.id;
    const code = enumOrNamespace(syntax, this.#source, node, false).replace(/\s*\bvar [^;]*;$/, "");
    this.#edits.cut(startOf(node), endOf(node), `${names.letFor(name)}${name} = undefined;\n${code}`);
  }

  #import(node: NodeOf<"ImportDeclaration">): void {
    const { imports, names } = this.#parts;
    const specifier = this.#rebased(node.source.value);
    if (!node.specifiers.some(({ local }) => names.isVariable(local.name))) {
      imports.addDeclaration(node, specifier);
      return this.#remove(node);
    }
    const options = attributesOf(node) === "" ? "" : `, {${attributesOf(node).replace("with", "with:")} }`;
    const imported = `await import(${JSON.stringify(specifier)}${options})`;
    const values = node.specifiers.filter((each) => !("importKind" in each) || each.importKind !== "type");
    const lines = values.map((each) => {
      const name = importedName(each), local = each.local.name;
      const key = /^[\w$]+$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
      const member = name === "*" ? imported : `(${imported})${key}`;
      return `${names.isVariable(local) ? names.letFor(local) : "const "}${local} = ${member};`;
    });
    this.#edits.cut(startOf(node), endOf(node), lines.join("\n"));
  }

  #remove(node: Node): void {
    const line = this.#source.slice(endOf(node)).match(/^[ \t]*\n/)?.[0].length ?? 0;
    this.#edits.cut(startOf(node), endOf(node) + line);
  }

  #rebaseDynamicImports(): void {
    walk(this.#input.program, (node) => {
      if (node.type === "TSModuleDeclaration") return false;
      if (node.type !== "ImportExpression" || node.source.type !== "StringLiteral") return;
      const { value } = node.source;
      if (this.#rebased(value) === value) return;
      this.#edits.cut(startOf(node.source), endOf(node.source), JSON.stringify(this.#rebased(value)));
    });
  }

  #rebased(specifier: string): string {
    if (specifier === PACKAGE_NAME) return this.#parts.modSpecifier;
    return /^\.{1,2}\//.test(specifier) ? this.#parts.rebase(specifier) : specifier;
  }
}
