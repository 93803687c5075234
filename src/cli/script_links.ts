import { parseAddress } from "../../mod.ts";
import { Syntax } from "../console/evaluator/syntax.ts";
import { type Node, walk } from "../console/evaluator/tree.ts";

/**
 * The addresses of the links that a script makes, by the variables that hold them, as far as the script says them
 * literally: `const psu = await serial("ttyUSB0")`, `psu = createClient("tcp://…")`. Of a script that does not parse
 * there are none: running it tells why.
 */
export async function scriptLinks(source: string): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  const syntax = await Syntax.load();
  let program;
  try {
    program = syntax.parseFile(source.replace(/^#!.*/, ""));
  } catch {
    return found;
  }
  walk(program, (node) => {
    const [name, value] = assigned(node);
    const address = name === undefined ? undefined : addressOf(value);
    if (address !== undefined && !found.has(name!)) found.set(name!, address);
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

/** The address in `await serial("…")`, in its normal form. */
function addressOf(node: Node | null | undefined): string | undefined {
  switch (node?.type) {
    case "AwaitExpression":
      return addressOf(node.argument as Node);
    case "ParenthesizedExpression":
    case "TSAsExpression":
    case "TSNonNullExpression":
    case "TSSatisfiesExpression":
      return addressOf(node.expression as Node);
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
    return parseAddress(isBare ? `serial:${text.trim()}` : text, UNUSUAL_PORT).address.href;
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

const MAKERS: ReadonlySet<string> = new Set(["serial", "connect", "createClient", "listen", "createServer"]);
/** Of an address without a port, which is then the one of its dialect: it is matched by the recorded address. */
const UNUSUAL_PORT = 1;
