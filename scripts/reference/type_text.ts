import type { FunctionNode, MemberNode, ParameterNode, TypeNode, TypeParameterNode } from "./doc_json.ts";

/** A type as it is written. */
export function typeText(type: TypeNode | undefined): string {
  if (type === undefined) return "unknown";
  const { kind, value } = type;
  switch (kind) {
    case "keyword":
      return value;
    case "this":
      return "this";
    case "literal":
      return literalText(value);
    case "typeRef":
      return value.typeName + typeArguments(value.typeParams);
    case "union":
      return value.map(typeText).join(" | ");
    case "intersection":
      return value.map(typeText).join(" & ");
    case "array":
      return isCompound(value) ? `(${typeText(value)})[]` : `${typeText(value)}[]`;
    case "tuple":
      return `[${value.map(typeText).join(", ")}]`;
    case "parenthesized":
      return `(${typeText(value)})`;
    case "rest":
      return `...${typeText(value)}`;
    case "optional":
      return `${typeText(value)}?`;
    case "typeOperator":
      return `${value.operator} ${typeText(value.tsType)}`;
    case "typeQuery":
      return `typeof ${value}`;
    case "indexedAccess":
      return `${typeText(value.objType)}[${typeText(value.indexType)}]`;
    case "infer":
      return `infer ${value.typeParam.name}`;
    case "conditional":
      return `${typeText(value.checkType)} extends ${typeText(value.extendsType)} ? ${
        typeText(value.trueType)
      } : ${typeText(value.falseType)}`;
    case "mapped":
      return `{ [${value.typeParam.name} in ${typeText(value.typeParam.constraint)}]: ${
        typeText(value.tsType)
      } }`;
    case "fnOrConstructor":
      return `${typeParameters(value.typeParams)}(${parameterTexts(value.params)}) => ${
        typeText(value.tsType)
      }`;
    case "typeLiteral":
      return membersText(value);
    case "typePredicate":
      return `${value.param.name ?? "this"} is ${typeText(value.type)}`;
    default:
      throw new Error(`Cannot write down a type of the kind "${kind}": add it to ${import.meta.filename}`);
  }
}

/** A function as it is declared, without its body. */
export function callText(name: string, { typeParams, params, returnType }: FunctionNode): string {
  const returns = returnType === undefined ? "" : `: ${typeText(returnType)}`;
  return `${name}${typeParameters(typeParams)}(${parameterTexts(params)})${returns}`;
}

/** The name of a parameter, whatever form it has. */
export function parameterName(parameter: ParameterNode): string {
  switch (parameter.kind) {
    case "assign":
      return parameterName(parameter.left!);
    case "rest":
      return parameterName(parameter.arg!);
    case "identifier":
      return parameter.name!;
    default:
      return parameter.kind === "array" ? "list" : "options";
  }
}

/** The type that a parameter is declared with. */
export function parameterType(parameter: ParameterNode): TypeNode | undefined {
  return parameter.tsType ?? parameter.left?.tsType ?? parameter.arg?.tsType;
}

function parameterTexts(parameters: readonly ParameterNode[] = []): string {
  return parameters.map((parameter) => {
    const isOptional = parameter.optional === true || parameter.kind === "assign";
    const name = `${parameter.kind === "rest" ? "..." : ""}${parameterName(parameter)}${
      isOptional ? "?" : ""
    }`;
    const type = parameterType(parameter);
    return type === undefined ? name : `${name}: ${typeText(type)}`;
  }).join(", ");
}

function membersText({ properties = [], methods = [], indexSignatures = [] }: {
  properties?: readonly MemberNode[];
  methods?: readonly MemberNode[];
  indexSignatures?: readonly FunctionNode[];
}): string {
  const texts = [
    ...indexSignatures.map((each) =>
      `[${parameterTexts(each.params)}]: ${typeText((each as MemberNode).tsType)}`
    ),
    ...properties.map(({ name, optional, tsType }) => `${name}${optional ? "?" : ""}: ${typeText(tsType)}`),
    ...methods.map((method) => callText(method.name, method as FunctionNode)),
  ];
  return texts.length === 0 ? "{}" : `{ ${texts.join("; ")} }`;
}

function typeArguments(types: readonly TypeNode[] | undefined): string {
  return types === undefined || types.length === 0 ? "" : `<${types.map(typeText).join(", ")}>`;
}

function typeParameters(parameters: readonly TypeParameterNode[] | undefined): string {
  if (parameters === undefined || parameters.length === 0) return "";
  const texts = parameters.map(({ name, constraint, default: usual }) =>
    name + (constraint === undefined ? "" : ` extends ${typeText(constraint)}`) +
    (usual === undefined ? "" : ` = ${typeText(usual)}`)
  );
  return `<${texts.join(", ")}>`;
}

function literalText(
  literal: { kind: string; string?: string; tsTypes?: TypeNode[]; number?: number; boolean?: boolean },
): string {
  if (literal.kind === "string") return JSON.stringify(literal.string);
  if (literal.kind !== "template") return String(literal.number ?? literal.boolean);
  const parts = literal.tsTypes!.map((type) =>
    type.kind === "literal" && type.value.kind === "string" ? type.value.string : `\${${typeText(type)}}`
  );
  return `\`${parts.join("")}\``;
}

function isCompound({ kind }: TypeNode): boolean {
  return ["union", "intersection", "fnOrConstructor", "conditional", "typeOperator", "infer"].includes(kind);
}
