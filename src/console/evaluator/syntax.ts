/**
 * Parsing what was typed: TypeScript with top-level `await`, told apart into complete, unfinished and wrong.
 *
 * @module
 */
import type { parse, parseExpression, ParserOptions } from "@babel/parser";
import { type Node, type Program, startOf, walk } from "./tree.ts";

/** The source text is not TypeScript. The message ends with the place, `line:column`, both counted from 1. */
export class SourceError extends SyntaxError {
  override readonly name: string = "SyntaxError";
  /** The line in the source, from 1. */
  readonly line: number;
  /** The column in that line in UTF-16 units, from 1. */
  readonly column: number;

  constructor(message: string, line: number, column: number) {
    super(`${message} at ${line}:${column}`);
    this.line = line;
    this.column = column;
  }
}

/** The source text is right as far as it goes, but it ends before the statement does: ask for another line. */
export class Incomplete extends SourceError {}

const typescript: ParserOptions = {
  sourceType: "module",
  allowAwaitOutsideFunction: true,
  allowUndeclaredExports: true,
  createImportExpressions: true,
  createParenthesizedExpressions: true,
  plugins: ["typescript", "decorators", "explicitResourceManagement"],
};
const javascript: ParserOptions = { ...typescript, plugins: ["explicitResourceManagement"] };

/** What the parser throws, as far as it is needed here. */
interface ParserError {
  readonly message: string;
  readonly reasonCode?: string;
  readonly pos: number;
  readonly loc: { readonly line: number; readonly column: number };
}

/** The parser. It takes some 50 ms to load, so a prompt should stand before {@linkcode Syntax.load} is called. */
export class Syntax {
  readonly #parse: typeof parse;
  readonly #parseExpression: typeof parseExpression;

  private constructor(parser: { parse: typeof parse; parseExpression: typeof parseExpression }) {
    this.#parse = parser.parse;
    this.#parseExpression = parser.parseExpression;
  }

  /** Loads the parser; from the second call on this costs next to nothing. */
  static async load(): Promise<Syntax> {
    return new Syntax(await import("@babel/parser"));
  }

  /**
   * Parses a whole file: a text that begins with `{` begins with a block.
   *
   * @throws {Incomplete} When the text ends too early.
   * @throws {SourceError} When the text is wrong whatever may follow.
   */
  parseFile(source: string): Program {
    try {
      return refuseDecorators(this.#parse(source, typescript).program);
    } catch (error) {
      throw this.#explain(source, error);
    }
  }

  /**
   * Parses one input of the prompt. It differs from a file in one thing: `{ a: 1 }` without a semicolon behind it
   * is an object, not a block with a label. Such an object comes back as the expression of an expression
   * statement, which nothing else that begins with `{` can be.
   *
   * @throws {Incomplete} When the text ends too early.
   * @throws {SourceError} When the text is wrong whatever may follow.
   */
  parseInput(source: string): Program {
    if (!/^\s*\{/.test(source)) return this.parseFile(source);
    try {
      return this.#parseObject(source);
    } catch (asObject) {
      try {
        return this.parseFile(source);
      } catch (asBlock) {
        throw asObject instanceof Incomplete ? asObject : asBlock;
      }
    }
  }

  /** Parses JavaScript, what is left of typed code when the types are gone. */
  parseJavaScript(source: string): Program {
    return this.#parse(source, javascript).program;
  }

  /** The offsets of the tokens of JavaScript, without comments. */
  tokensOf(source: string): { start: number; end: number }[] {
    const { tokens } = this.#parse(source, { ...javascript, tokens: true });
    return (tokens ?? []).filter(({ type }: { type: unknown }) => typeof type !== "string");
  }

  #parseObject(source: string): Program {
    const empty = this.#parse("", typescript).program;
    try {
      const expression = this.#parseExpression(source, typescript);
      const { start, end, loc } = expression;
      const body: Program["body"] = [{ type: "ExpressionStatement", expression, start, end, loc }];
      return refuseDecorators({ ...empty, body, start: 0, end: source.length });
    } catch (error) {
      throw this.#explain(source, error);
    }
  }

  /** Turns the parser's error into one of ours; the parser's own drags its internals along when it is shown. */
  #explain(source: string, error: unknown): unknown {
    if (error instanceof SourceError || !isParserError(error)) return error;
    const message = error.message.replace(/\s*\(\d+:\d+\)$/, "").replace(/\.$/, "");
    const Kind = this.#isUnfinished(source, error) ? Incomplete : SourceError;
    return new Kind(message, error.loc.line, error.loc.column + 1);
  }

  #isUnfinished(source: string, error: ParserError): boolean {
    switch (error.reasonCode) {
      case "UnterminatedTemplate":
      case "UnterminatedComment":
        return true;
      case "UnterminatedString": // a backslash at the end of the line continues the string on the next
        return /\\\n?$/.test(source);
      case "NoCatchOrFinally":
        return this.#isWhole(`${source}\nfinally {}`);
      case "DeclarationMissingInitializer": // the next line could bring it, but nobody writes that
        return false;
      default:
        return error.pos >= source.trimEnd().length;
    }
  }

  #isWhole(source: string): boolean {
    try {
      this.#parse(source, typescript);
      return true;
    } catch {
      return false;
    }
  }
}

function isParserError(error: unknown): error is ParserError {
  return error instanceof SyntaxError && "pos" in error && "loc" in error;
}

/** V8 cannot run decorators, and its own message for them, "Invalid or unexpected token", helps nobody. */
function refuseDecorators(program: Program): Program {
  walk(program, (node: Node) => {
    if (node.type !== "Decorator") return;
    const { line, column } = node.loc?.start ?? { line: 1, column: startOf(node) };
    throw new SourceError(
      "Decorators do not run at the prompt: put the class into a file and import it",
      line,
      column + 1,
    );
  });
  return program;
}
