/**
 * The top-level statements of a parsed text, as pieces of text.
 *
 * @module
 */
import type { SourceError } from "./syntax.ts";
import { endOf, type Node, type Program } from "./tree.ts";

/** One piece of a longer text. */
export interface SourceStatement {
  /** The text, with the comments that stand before it. */
  readonly source: string;
  /** The line of the whole text on which `source` begins, from 1. */
  readonly line: number;
  /** True for a line that is a command of the console and not code. */
  readonly isCommand?: boolean;
  /** Why `source` cannot be evaluated: it is wrong, or the text ended inside of it. Lines are of the whole text. */
  readonly error?: SourceError;
}

interface Piece extends SourceStatement {
  readonly node: Node;
}

/**
 * Cuts `source`, which begins on line `firstLine` of the whole text, in the order of the text. A comment goes with
 * the statement behind it, unless it shares the line of the one before.
 */
export function cutStatements(source: string, program: Program, firstLine: number): SourceStatement[] {
  return pieces(source, program, firstLine).map(({ source, line }) => ({ source, line }));
}

/** Cuts a whole file, in the order in which a module runs: imports, function declarations, everything else. */
export function cutModule(source: string, program: Program): SourceStatement[] {
  const order = ({ node }: Piece): number => {
    if (node.type === "ImportDeclaration") return 0;
    const inner = node.type === "ExportNamedDeclaration" ? node.declaration : node;
    return inner?.type === "FunctionDeclaration" || inner?.type === "TSDeclareFunction" ? 1 : 2;
  };
  const ordered = pieces(source, program, 1).sort((a, b) => order(a) - order(b));
  // a block of a file must not be taken for an object when it is evaluated by itself
  return ordered.map(({ source, line, node }) => ({
    source: node.type === "BlockStatement" && !source.endsWith("\n;") ? `${source}\n;` : source,
    line,
  }));
}

function pieces(source: string, program: Program, firstLine: number): Piece[] {
  const nodes: Node[] = [...program.directives, ...program.body];
  let done = 0, line = firstLine;
  const found = nodes.map((node) => {
    const beside = (node.trailingComments ?? []).filter(({ loc }) => loc?.start.line === node.loc?.end.line);
    const end = Math.max(endOf(node), ...beside.map((each) => each.end as number));
    const text = source.slice(done, end);
    const blanks = text.slice(0, text.search(/\S/));
    const piece = { node, source: pieceText(text, node, nodes.length), line: line + lineBreaks(blanks) };
    done = end;
    line += lineBreaks(text);
    return piece;
  });
  return found.filter(({ node }) => node.type !== "EmptyStatement");
}

/** A block among other statements is no object, though it may look like one when it stands alone. */
function pieceText(text: string, node: Node, count: number): string {
  return text.trim() + (node.type === "BlockStatement" && count > 1 ? "\n;" : "");
}

/** How often the text goes to a new line. */
export function lineBreaks(text: string): number {
  return text.split("\n").length - 1;
}
