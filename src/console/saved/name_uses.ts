/**
 * Which names of the top level an input reads and assigns to: those that no scope inside of it binds.
 *
 * @module
 */
import { namesBoundBy } from "./scope_names.ts";
import { childrenOf, type Node, type NodeOf, type Statement } from "../evaluator/tree.ts";

/** The names of the top level that an input uses, its own declarations included. */
export interface NameUses {
  /** Names whose value is used. */
  readonly reads: ReadonlySet<string>;
  /** Names that are assigned to, apart from their declaration. */
  readonly writes: ReadonlySet<string>;
  /** Names that are used as types. */
  readonly types: ReadonlySet<string>;
}

/** Finds the uses of top-level names in top-level statements, which may hold TypeScript. */
export function nameUses(statements: readonly Statement[]): NameUses {
  const finder = new UseFinder();
  for (const node of statements) finder.visit(node, []);
  return finder;
}

type Scopes = readonly ReadonlySet<string>[];

class UseFinder implements NameUses {
  readonly reads = new Set<string>();
  readonly writes = new Set<string>();
  readonly types = new Set<string>();

  visit(node: Node, scopes: Scopes): void {
    switch (node.type) {
      case "Identifier":
        this.#note(this.reads, node.name, scopes);
        return;
      case "ImportDeclaration":
      case "ExportSpecifier":
      case "LabeledStatement":
      case "BreakStatement":
      case "ContinueStatement":
      case "MetaProperty":
        if (node.type === "LabeledStatement") this.visit(node.body, scopes);
        return;
      case "MemberExpression":
      case "OptionalMemberExpression":
        this.visit(node.object, scopes);
        if (node.computed) this.visit(node.property, scopes);
        return;
      case "AssignmentExpression":
        this.#assign(node.left, scopes, node.operator !== "=");
        this.visit(node.right, scopes);
        return;
      case "UpdateExpression":
        this.#assign(node.argument, scopes, true);
        return;
      case "VariableDeclarator":
        this.#bind(node.id, scopes);
        if (node.init) this.visit(node.init, scopes);
        return;
      case "TSEnumDeclaration":
        this.#visitEnum(node, scopes);
        return;
    }
    if (node.type.startsWith("TS") && !holdsCode(node)) this.#visitType(node, scopes);
    else this.#visitChildren(node, scopes);
  }

  #visitChildren(node: Node, scopes: Scopes): void {
    const names = namesBoundBy(node);
    const inside = names.length === 0 ? scopes : [...scopes, new Set(names)];
    const isLoop = node.type === "ForInStatement" || node.type === "ForOfStatement";
    for (const child of childrenOf(node)) {
      if (isLoop && child === node.left && child.type !== "VariableDeclaration") {
        this.#assign(child, inside, false);
      } else if (isParameter(node, child)) this.#bind(child, inside);
      else if (!isPlainKey(node, child)) this.visit(child, inside);
    }
  }

  /** A binding is no use, but its default values and computed keys are code. */
  #bind(pattern: Node, scopes: Scopes): void {
    for (const child of childrenOf(pattern)) {
      if (child.type === "TSTypeAnnotation") this.#visitType(child, scopes);
      else if (pattern.type === "AssignmentPattern" && child === pattern.right) this.visit(child, scopes);
      else if (pattern.type !== "ObjectProperty" || child === pattern.value) this.#bind(child, scopes);
      else if (pattern.computed) this.visit(child, scopes);
    }
  }

  #assign(target: Node, scopes: Scopes, isRead: boolean): void {
    switch (target.type) {
      case "Identifier":
        this.#note(this.writes, target.name, scopes);
        if (isRead) this.#note(this.reads, target.name, scopes);
        return;
      case "MemberExpression":
        this.visit(target, scopes);
        return;
      case "AssignmentPattern":
        this.#assign(target.left, scopes, isRead);
        this.visit(target.right, scopes);
        return;
      case "ObjectProperty":
        if (target.computed) this.visit(target.key, scopes);
        this.#assign(target.value, scopes, isRead);
        return;
      case "TSAsExpression":
      case "TSSatisfiesExpression":
      case "TSNonNullExpression":
      case "TSTypeAssertion":
        this.#assign(target.expression, scopes, isRead);
        return;
      default: // array and object patterns, rest elements, parentheses
        for (const child of childrenOf(target)) this.#assign(child, scopes, isRead);
    }
  }

  #visitEnum(node: NodeOf<"TSEnumDeclaration">, scopes: Scopes): void {
    const members = (node.members ?? []).map(({ id }) => id.type === "Identifier" ? id.name : id.value);
    for (const { initializer } of node.members ?? []) {
      if (initializer) this.visit(initializer, [...scopes, new Set(members)]);
    }
  }

  #visitType(node: Node, scopes: Scopes): void {
    if (node.type === "Identifier") this.#note(this.types, node.name, scopes);
    for (const child of childrenOf(node)) {
      if (!isPlainKey(node, child)) this.#visitType(child, scopes);
    }
  }

  #note(names: Set<string>, name: string, scopes: Scopes): void {
    if (!scopes.some((scope) => scope.has(name))) names.add(name);
  }
}

function holdsCode(node: Node): boolean {
  return /^TS(As|Satisfies|NonNull|Instantiation)Expression$|^TSTypeAssertion$|^TSParameterProperty$|^TSModule|^TSExportAssignment$/
    .test(node.type);
}

function isParameter(node: Node, child: Node): boolean {
  if (node.type === "CatchClause") return child === node.param;
  if (child.type === "TSParameterProperty") return true;
  return "params" in node && Array.isArray(node.params) && node.params.some((each) => each === child);
}

/** A key, a declared name or a module name: an identifier that stands for nothing but itself. */
function isPlainKey(node: Node, child: Node): boolean {
  if ("key" in node && child === node.key) return !("computed" in node && node.computed);
  if ("id" in node && child === node.id) return true;
  return node.type === "TSQualifiedName" && child === node.right;
}
