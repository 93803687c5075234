/**
 * Finding complete statements in lines that come one by one.
 *
 * @module
 */
import { CodeScanner } from "./code_scanner.ts";
import { cutStatements, lineBreaks, type SourceStatement } from "./statement_parts.ts";
import { Incomplete, SourceError, type Syntax } from "./syntax.ts";

/** How to read a text. */
export interface SplitOptions {
  /** Whether a line, read where a statement may begin, is a command of the console. By default no line is. */
  isCommand?: (line: string) => boolean;
}

/** Up to here every line is parsed with all before it, which finds errors at once but grows with the square. */
const maxLinesParsedEachTime = 100;

/** Whether a line can only go on with the statement of the line before. */
export function goesOn(line: string): boolean {
  return /^\s*(\.[\p{ID_Start}$_]|\?|[:,=*%^|&<>)\]}]|(else|catch|finally|in|instanceof)\b)/u.test(line);
}

/**
 * Takes lines as they come and gives statements back as soon as a line completes them. Nothing waits for the
 * next line to see whether it goes on: whoever feeds a console by hand or by a slow pipe waits for an answer.
 */
export class StatementReader {
  readonly #syntax: Syntax;
  readonly #isCommand: (line: string) => boolean;
  #pending: string[] = [];
  #scanner = new CodeScanner();
  #firstLine = 1;
  #nextParse = maxLinesParsedEachTime;

  constructor(syntax: Syntax, options: SplitOptions = {}) {
    this.#syntax = syntax;
    this.#isCommand = options.isCommand ?? (() => false);
  }

  /** The lines of the statement that is not complete yet; empty when there is none. */
  get pending(): string {
    return this.#pending.join("\n");
  }

  /** Takes one line, without its line break, and gives back every statement that is complete now. */
  push(line: string): SourceStatement[] {
    const command = this.hold(line);
    if (command.length > 0 || !this.#isWorthParsing()) return command;
    const source = this.pending, firstLine = this.#firstLine;
    try {
      const found = cutStatements(source, this.#syntax.parseInput(source), firstLine);
      this.drop();
      return found;
    } catch (error) {
      if (error instanceof Incomplete) return [];
      if (!(error instanceof SourceError)) throw error;
      this.drop();
      return cutAtError(this.#syntax, source, firstLine, error);
    }
  }

  /** Takes a line of which the caller knows that the next one goes on with it. A command comes back at once. */
  hold(line: string): SourceStatement[] {
    if (this.#pending.length === 0 && this.#isCommand(line)) {
      return [{ source: line.trim(), line: this.#firstLine++, isCommand: true }];
    }
    this.#pending.push(line);
    this.#scanner.feed(`${line}\n`);
    return [];
  }

  /** Drops the unfinished statement, as Ctrl-C does. */
  drop(): void {
    this.#firstLine += this.#pending.length;
    this.#pending = [];
    this.#scanner = new CodeScanner();
    this.#nextParse = maxLinesParsedEachTime;
  }

  /** Ends the text. A statement that is still unfinished comes back with an `error` that says where it began. */
  end(): SourceStatement[] {
    const source = this.pending;
    const line = this.#firstLine + lineBreaks(source.slice(0, source.search(/\S/)));
    this.drop();
    if (source.trim() === "") return [];
    const error = new SourceError("Input ends inside of a statement, which began", line, 1);
    return [{ source: source.trim(), line, error }];
  }

  /** In a long statement only where its brackets close, and now and then, in case the brackets were misread. */
  #isWorthParsing(): boolean {
    const count = this.#pending.length;
    if (count <= maxLinesParsedEachTime || this.#scanner.isClosed) return true;
    if (count < this.#nextParse) return false;
    this.#nextParse = Math.ceil(count * 1.5);
    return true;
  }
}

/** What comes before the wrong place is still good, if it can be cut off at the end of a statement. */
function cutAtError(
  syntax: Syntax,
  source: string,
  firstLine: number,
  error: SourceError,
): SourceStatement[] {
  const lineStart = source.split("\n").slice(0, error.line - 1).reduce(
    (sum, each) => sum + each.length + 1,
    0,
  );
  const before = source.slice(0, lineStart + error.column - 1);
  const ends = [...before.matchAll(/;|\n/g)].map((each) => each.index + 1).reverse();
  for (const end of ends.slice(0, 20)) { // more would only be tried in a text that nobody typed
    try {
      const good = source.slice(0, end);
      return [
        ...cutStatements(good, syntax.parseFile(good), firstLine),
        wrongPiece(source, end, firstLine, error),
      ];
    } catch {
      continue;
    }
  }
  return [wrongPiece(source, 0, firstLine, error)];
}

function wrongPiece(source: string, start: number, firstLine: number, error: SourceError): SourceStatement {
  const text = source.slice(start);
  const line = firstLine + lineBreaks(source.slice(0, start + Math.max(0, text.search(/\S/))));
  const message = error.message.replace(/ at \d+:\d+$/, "");
  return {
    source: text.trim(),
    line,
    error: new SourceError(message, error.line + firstLine - 1, error.column),
  };
}
