/** The part of what `deno doc --json` prints that is of interest here. */

/** A type, taken apart; `value` depends on the kind. */
export interface TypeNode {
  readonly kind: string;
  // deno-lint-ignore no-explicit-any -- a different shape for each of some twenty kinds
  readonly value?: any;
  readonly key?: string;
}

export interface DocComment {
  readonly doc?: string;
  readonly tags?: readonly { readonly kind: string; readonly name?: string; readonly doc?: string }[];
}

export interface ParameterNode {
  readonly kind: "identifier" | "assign" | "rest" | "object" | "array";
  readonly name?: string;
  readonly optional?: boolean;
  readonly left?: ParameterNode;
  readonly arg?: ParameterNode;
  readonly tsType?: TypeNode;
}

export interface FunctionNode {
  readonly params: readonly ParameterNode[];
  readonly returnType?: TypeNode;
  readonly typeParams?: readonly TypeParameterNode[];
  readonly hasBody?: boolean;
}

export interface TypeParameterNode {
  readonly name: string;
  readonly constraint?: TypeNode;
  readonly default?: TypeNode;
}

/** A method or a property, of a class or an interface. */
export interface MemberNode extends Partial<FunctionNode> {
  readonly name: string;
  readonly jsDoc?: DocComment;
  readonly kind?: "method" | "getter" | "setter";
  readonly functionDef?: FunctionNode;
  readonly tsType?: TypeNode;
  readonly optional?: boolean;
  readonly isStatic?: boolean;
  readonly accessibility?: string;
}

export interface Declaration {
  readonly kind: "function" | "class" | "interface" | "typeAlias" | "variable";
  readonly jsDoc?: DocComment;
  // deno-lint-ignore no-explicit-any -- a different shape for each kind
  readonly def: any;
}

export interface DocJson {
  readonly nodes: Readonly<
    Record<
      string,
      {
        readonly symbols: readonly { readonly name: string; readonly declarations: readonly Declaration[] }[];
      }
    >
  >;
}
