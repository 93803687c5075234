/**
 * Reading code that may be unfinished, without parsing it: what is code, what is text, and which brackets are open.
 *
 * @module
 */

type Mode = "code" | "'" | '"' | "`" | "line comment" | "block comment" | "regexp" | "regexp class";

/** A word behind which a `/` begins a regular expression, though it looks like a value. */
const beforeRegExp = /(^|[^\w$.])(return|typeof|case|in|of|await|yield|void|delete|throw|new|else|do)$/;

/** Where a backslash takes the meaning from the character behind it. */
const withEscapes = /^(['"`]|regexp.*)$/;

/** Goes through code once, in pieces of any size. */
export class CodeScanner {
  #mode: Mode = "code";
  #depth = 0;
  /** For each open `${`: the depth outside of it. */
  readonly #templates: number[] = [];
  /** The end of the code so far, without blanks: enough to tell a division from a regular expression. */
  #before = "";
  #previous = "";

  /** Whether the place reached is code, and not inside of a string, a comment or a regular expression. */
  get isCode(): boolean {
    return this.#mode === "code";
  }

  /** Whether the place reached is inside of a string. */
  get isString(): boolean {
    return this.#mode === "'" || this.#mode === '"' || this.#mode === "`";
  }

  /** Whether no bracket, string or comment is open, as far as can be told without parsing. */
  get isClosed(): boolean {
    const isBetween = this.#mode === "code" || this.#mode === "line comment";
    return isBetween && this.#depth <= 0 && this.#templates.length === 0;
  }

  /** Goes on with the next piece. */
  feed(text: string): this {
    for (const character of text) {
      const isEscaped = this.#previous === "\\" && withEscapes.test(this.#mode);
      const isTaken = this.#mode === "code" ? this.#code(character) : !isEscaped && this.#text(character);
      // a character that had a meaning together with the one before has none with the next
      this.#previous = isTaken || isEscaped ? "" : character;
    }
    return this;
  }

  #code(character: string): boolean {
    if (this.#previous === "/" && (character === "/" || character === "*")) {
      this.#before = this.#before.slice(0, -1);
      return this.#enter(character === "/" ? "line comment" : "block comment");
    }
    if (this.#previous === "/" && !this.#endsInValue(this.#before.slice(0, -1))) {
      this.#enter(character === "[" ? "regexp class" : "regexp");
      return false;
    }
    if (character === "'" || character === '"' || character === "`") return this.#enter(character);
    if ("([{".includes(character)) this.#depth++;
    else if (")]}".includes(character)) this.#depth--;
    if (character === "}" && this.#templates.at(-1) === this.#depth) {
      this.#templates.pop();
      return this.#enter("`");
    }
    if (character.trim() !== "") this.#before = (this.#before + character).slice(-16);
    else if (/[\w$]$/.test(this.#before)) this.#before += " ";
    return false;
  }

  #text(character: string): boolean {
    const mode = this.#mode;
    if (mode === "`" && this.#previous === "$" && character === "{") {
      this.#templates.push(this.#depth++);
      this.#before = "";
      return this.#enter("code");
    }
    if (mode === "block comment") return this.#previous === "*" && character === "/" && this.#enter("code");
    if (mode === "regexp class") return character === "]" && this.#enter("regexp");
    if (mode === "regexp" && character === "[") return this.#enter("regexp class");
    const isEnd = character === mode || (mode === "regexp" && character === "/");
    // an unclosed string or expression is an error, which must not swallow the lines that follow
    const isCutOff = character === "\n" && mode !== "`";
    if (!isEnd && !isCutOff) return false;
    if (mode !== "line comment") this.#before = '"';
    return this.#enter("code");
  }

  #enter(mode: Mode): boolean {
    this.#mode = mode;
    return true;
  }

  #endsInValue(before: string): boolean {
    const code = before.trimEnd();
    return !beforeRegExp.test(code) && /[\w$)\]}"'`]$/.test(code);
  }
}
