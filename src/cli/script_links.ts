import { parseAddress } from "../../mod.ts";
import { Syntax } from "../console/evaluator/syntax.ts";
import { type Node, walk } from "../console/evaluator/tree.ts";

/** A link as a script makes it. */
export interface ScriptLink {
  /** In its normal form. */
  readonly address: string;
  /** True when others connect to it. */
  readonly isServer: boolean;
}

/**
 * The addresses of the links that a script makes, by the variables that hold them, as far as the script says them
 * literally: `const psu = await serial("ttyUSB0")`, `psu = createClient("tcp://…")`. Of a script that does not parse
 * there are none: running it tells why.
 */
export async function scriptLinks(source: string): Promise<ReadonlyMap<string, ScriptLink>> {
  const found = new Map<string, ScriptLink>();
  const syntax = await Syntax.load();
  let program;
  try {
    program = syntax.parseFile(source.replace(/^#!.*/, ""));
  } catch {
    return found;
  }
  walk(program, (node) => {
    const [name, value] = assigned(node);
    const link = name === undefined ? undefined : linkOf(value);
    if (link !== undefined && !found.has(name!)) found.set(name!, link);
  });
  return found;
}

function assigned(node: Node): [string?, (Node | null)?] {
  if (node.type === "VariableDeclarator" && node.id.type === "Identifier") {
    return [node.id.name, node.init as Node | null];
  }
  if (node.type === "AssignmentExpression" && node.left.type === "Identifier") {
    return [node.left.name, node.right as Node];
  }
  return [];
}

/** What `await serial("…")` makes. */
function linkOf(node: Node | null | undefined): ScriptLink | undefined {
  switch (node?.type) {
    case "AwaitExpression":
      return linkOf(node.argument as Node);
    case "ParenthesizedExpression":
    case "TSAsExpression":
    case "TSNonNullExpression":
    case "TSSatisfiesExpression":
      return linkOf(node.expression as Node);
    case "CallExpression":
      break;
    default:
      return undefined;
  }
  const maker = makerOf(node.callee as Node);
  const text = textOf(node.arguments[0] as Node | undefined);
  if (maker === undefined || text === undefined) return undefined;
  const isBare = maker === "serial" && !/^\s*serial:/i.test(text);
  try {
    const { address } = parseAddress(isBare ? `serial:${text.trim()}` : text, UNUSUAL_PORT);
    return { address: address.href, isServer: SERVER_MAKERS.has(maker) };
  } catch {
    return undefined; // running the script tells what is wrong with it
  }
}

/** `connect`, `parley.connect`, `createClient(…).start`. */
function makerOf(callee: Node): string | undefined {
  const name = callee.type === "Identifier"
    ? callee.name
    : callee.type === "MemberExpression" && callee.property.type === "Identifier"
    ? callee.property.name
    : undefined;
  return name !== undefined && MAKERS.has(name) ? name : undefined;
}

function textOf(node: Node | undefined): string | undefined {
  if (node?.type === "StringLiteral") return node.value;
  if (node?.type === "TemplateLiteral" && node.expressions.length === 0) {
    return node.quasis[0].value.cooked ?? undefined;
  }
  return undefined;
}

const SERVER_MAKERS: ReadonlySet<string> = new Set(["listen", "createServer"]);
const MAKERS: ReadonlySet<string> = new Set(["serial", "connect", "createClient", ...SERVER_MAKERS]);
/** Of an address without a port, which is then the one of its dialect: it is matched by the recorded address. */
const UNUSUAL_PORT = 1;
