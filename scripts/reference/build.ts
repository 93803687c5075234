import type { CallEntry, Entry, MemberEntry, ParameterEntry } from "../../src/console/reference/reference.ts";
import type { Declaration, DocComment, DocJson, FunctionNode, MemberNode, TypeNode } from "./doc_json.ts";
import { callText, parameterName, parameterType, typeText } from "./type_text.ts";

/** What the console knows of the exports of a module, made of what `deno doc --json` says of it. */
export function buildReference(doc: DocJson): Record<string, Entry> {
  const symbols = Object.values(doc.nodes).flatMap((node) => node.symbols);
  const builder = new Builder(new Map(symbols.map(({ name, declarations }) => [name, declarations])));
  const names = symbols.map(({ name }) => name).sort();
  return Object.fromEntries(names.map((name) => [name, builder.entry(name)]));
}

class Builder {
  readonly #symbols: ReadonlyMap<string, readonly Declaration[]>;

  constructor(symbols: ReadonlyMap<string, readonly Declaration[]>) {
    this.#symbols = symbols;
  }

  entry(name: string): Entry {
    const declarations = this.#symbols.get(name)!;
    const [{ kind, def, jsDoc }] = declarations;
    const said = commentEntry(jsDoc);
    switch (kind) {
      case "function": {
        // Of an overloaded function the one with the body is not for callers.
        const declared = declarations.filter(({ def }) => declarations.length === 1 || def.hasBody !== true);
        return {
          kind,
          ...said,
          calls: declared.map((each) => this.#call(name, each.def, each.jsDoc ?? jsDoc)),
        };
      }
      case "class":
        return { kind, ...said, ...this.#constructors(name, def), ...inherited(def), ...this.#members(def) };
      case "interface":
        return { kind, ...said, ...inherited(def), ...this.#members(def) };
      case "typeAlias":
        return { kind: "type", ...said, ...this.#value(def.tsType) };
      case "variable":
        return { kind: "value", ...said, ...this.#value(def.tsType) };
    }
  }

  #constructors(
    name: string,
    { constructors = [] }: { constructors?: readonly MemberNode[] },
  ): Partial<Entry> {
    const open = constructors.filter(({ jsDoc, accessibility }) =>
      accessibility === undefined &&
      !jsDoc?.tags?.some(({ kind }) => kind === "internal" || kind === "private")
    );
    if (open.length === 0) return {};
    return {
      calls: open.map((each) => this.#call(`new ${name}`, each as unknown as FunctionNode, each.jsDoc)),
    };
  }

  #members(def: { properties?: MemberNode[]; methods?: MemberNode[] }): Partial<Entry> {
    const members: Record<string, MemberEntry> = {};
    for (const node of [...def.properties ?? [], ...def.methods ?? []]) {
      if (node.name.startsWith("[") || node.accessibility !== undefined || node.kind === "setter") continue;
      const called = node.functionDef ?? (node.params === undefined ? undefined : node as FunctionNode);
      const said = commentEntry(node.jsDoc);
      const before = members[node.name]?.calls ?? [];
      if (called === undefined) members[node.name] = { ...said, ...this.#value(node.tsType) };
      else if (node.kind === "getter") members[node.name] = { ...said, ...this.#value(called.returnType) };
      else if (before.length === 0 || called.hasBody !== true) {
        const call = this.#call(node.name, called, node.jsDoc);
        members[node.name] = { ...said, ...members[node.name], calls: [...before, call] };
      }
    }
    return Object.keys(members).length === 0 ? {} : { members };
  }

  #call(name: string, node: FunctionNode, comment: DocComment | undefined): CallEntry {
    const parameters = node.params.map((parameter): ParameterEntry => {
      const own = parameterName(parameter);
      const doc = comment?.tags?.find(({ kind, name }) => kind === "param" && name === own)?.doc;
      return {
        name: own,
        ...doc === undefined ? {} : { doc: oneLine(doc) },
        ...this.#accepts(parameterType(parameter)),
      };
    });
    return { text: callText(name, node), ...parameters.length === 0 ? {} : { parameters } };
  }

  #value(type: TypeNode | undefined): Partial<MemberEntry> {
    return type === undefined ? {} : { type: typeText(type), ...this.#accepts(type) };
  }

  /** What may be given where this type is wanted: texts, and objects with members that have names. */
  #accepts(type: TypeNode | undefined): Pick<MemberEntry, "options" | "values"> {
    const options = new Set<string>();
    const values = new Set<string>();
    this.#collect(type, options, values, 0);
    return {
      ...options.size === 0 ? {} : { options: [...options] },
      ...values.size === 0 ? {} : { values: [...values] },
    };
  }

  #collect(type: TypeNode | undefined, options: Set<string>, values: Set<string>, depth: number): void {
    if (type === undefined || depth > MAX_ALIASES) return;
    const go = (inner: TypeNode) => this.#collect(inner, options, values, depth + 1);
    if (type.kind === "union" || type.kind === "intersection") return type.value.forEach(go);
    if (type.kind === "parenthesized") return go(type.value);
    if (type.kind === "literal" && type.value.kind === "string") return void values.add(type.value.string);
    if (type.kind === "typeOperator" && type.value.operator === "keyof") {
      const [keyed] = this.#symbols.get(type.value.tsType.value?.typeName) ?? [];
      for (const { name } of keyed?.def.properties ?? []) values.add(name);
      return;
    }
    if (type.kind !== "typeRef") return;
    const { typeName, typeParams } = type.value;
    if (typeName === "Partial") {
      const { typeName: whole } = typeParams[0].value;
      return void (this.#symbols.has(whole) && options.add(whole));
    }
    const [declaration] = this.#symbols.get(typeName) ?? [];
    if (declaration?.kind === "typeAlias") return go(declaration.def.tsType);
    if (declaration?.kind === "interface" && this.#isOptions(typeName)) options.add(typeName);
  }

  /** An object that one writes down on the spot: nothing in it has to be there. */
  #isOptions(name: string): boolean {
    const [declaration] = this.#symbols.get(name) ?? [];
    if (declaration === undefined) return false;
    const { properties = [], methods = [], extends: parents = [] } = declaration.def;
    return [...properties, ...methods].every(({ optional }) => optional === true) &&
      parents.every(({ value }: TypeNode) => this.#isOptions(value.typeName));
  }
}

/** Aliases of aliases that are followed: a type may be made of itself. */
const MAX_ALIASES = 6;

function inherited(def: { extends?: string | readonly TypeNode[] }): Partial<Entry> {
  const parents = typeof def.extends === "string"
    ? [def.extends]
    : def.extends?.map(({ value }) => value.typeName);
  return parents === undefined || parents.length === 0 ? {} : { extends: parents };
}

function commentEntry(comment: DocComment | undefined): Pick<MemberEntry, "doc" | "example"> {
  const doc = oneLine(comment?.doc?.split(/\n\s*\n/)[0] ?? "");
  const [example] = comment?.tags?.filter(({ kind }) => kind === "example") ?? [];
  const code = /```ts\n([^]*?)\n```/.exec(example?.doc ?? "")?.[1];
  return { ...doc === "" ? {} : { doc }, ...code === undefined ? {} : { example: code } };
}

/** Without tags that stand in the text, and without Markdown's links. */
function oneLine(text: string): string {
  return text.replace(/\s*@(?:throws|typeParam|param|returns)\b[^]*$/, "").replace(
    /\{@linkcode ([^}\s|]+)[^}]*\}/g,
    "$1",
  )
    .replace(/\s+/g, " ").trim();
}
