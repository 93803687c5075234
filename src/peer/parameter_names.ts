/**
 * The names of a function's parameters, read from its source text as far as the parameters go.
 *
 * @module
 */

/** Characters of a destructured parameter that are shown. */
const MAX_PATTERN = 40;

/** Blanks and comments, words, strings, and what is left: one character, but for the arrow and the three dots. */
const TOKEN =
  /(\s+|\/\/.*|\/\*[^]*?\*\/)|([\p{ID_Continue}$\\]+)|("(?:[^"\\]|\\[^])*"|'(?:[^'\\]|\\[^])*')|=>|\.\.\.|[^]/uy;
const REGEXP = /\/(?:[^\\/[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/\w*/y;
/** Words behind which a `/` begins a regular expression, though they look like a value. */
const OPERATORS = /^(?:return|typeof|case|in|of|instanceof|await|yield|void|delete|throw|new|else|do)$/;

interface Token {
  readonly kind: "blank" | "word" | "text" | "sign";
  readonly text: string;
  /** Where the next one begins. */
  readonly end: number;
}

/**
 * The parameters of a handler behind the first one, which is the call: `["a", "b"]` for `(call, a, b = 1) => …`.
 * A rest parameter keeps its dots; a destructured one is shown as it is written, shortened to about 40 characters.
 * Empty for a function without source text, such as a bound one, and where the text cannot be read.
 */
export function parameterNames(handler: (...args: any[]) => unknown): string[] {
  const names = allParameterNames(handler);
  // A rest parameter in the first place takes the call and all arguments.
  return names[0]?.startsWith("...") ? names : names.slice(1);
}

/** All parameters of a function, the first one included, shown in the same way. */
export function allParameterNames(handler: (...args: any[]) => unknown): string[] {
  return readParameters(Function.prototype.toString.call(handler)) ?? [];
}

function readParameters(source: string): string[] | undefined {
  if (/^class\b(?!\s*\()/.test(source)) return undefined;
  let depth = 0; // in the brackets of a method's computed name
  let word = "";
  for (const { kind, text, end } of tokensOf(source, 0)) {
    if (depth === 0 && text === "=>") return [word]; // `call => …`, without brackets
    if (depth === 0 && text === "(") return readList(source, end);
    if (kind === "word") word = text;
    depth += kind === "sign" ? turn(text) : 0;
  }
  return undefined;
}

/** The parameters from behind the opening bracket on. */
function readList(source: string, start: number): string[] | undefined {
  const names: string[] = [];
  let name = "";
  let depth = 0;
  let isDefault = false;
  for (const { kind, text } of tokensOf(source, start)) {
    if (depth === 0 && (text === "," || text === ")")) {
      if (name.trim() !== "") names.push(shortened(name.trim()));
      if (text === ")") return names;
      name = "";
      isDefault = false;
      continue;
    }
    if (depth === 0 && text === "=") isDefault = true;
    depth += kind === "sign" ? turn(text) : 0;
    if (!isDefault) name += kind !== "blank" ? text : name.endsWith(" ") ? "" : " ";
  }
  return undefined;
}

function* tokensOf(source: string, start: number): Generator<Token, void, void> {
  const token = new RegExp(TOKEN);
  let at = start;
  /** Whether what stands before ends a value, so that a `/` divides it. */
  let isBehindValue = false;
  while (at < source.length) {
    token.lastIndex = at;
    let [text, blank, word, quoted] = token.exec(source)!;
    if (text === "`") quoted = text = source.slice(at, templateEnd(source, at + 1));
    if (text === "/" && !isBehindValue) quoted = text = regexpAt(source, at);
    at += text.length;
    const kind = blank ? "blank" : word ? "word" : quoted ? "text" : "sign";
    yield { kind, text, end: at };
    if (kind === "word") isBehindValue = !OPERATORS.test(text);
    else if (kind !== "blank") isBehindValue = kind === "text" || ")]}".includes(text);
  }
}

/** The end of a template, which may have any code in it. */
function templateEnd(source: string, start: number): number {
  for (let at = start; at < source.length; at++) {
    if (source[at] === "\\") at++;
    else if (source[at] === "`") return at + 1;
    else if (source.startsWith("${", at)) at = closingBrace(source, at + 2);
  }
  return source.length;
}

function closingBrace(source: string, start: number): number {
  let depth = 0;
  for (const { kind, text, end } of tokensOf(source, start)) {
    depth += kind === "sign" ? turn(text) : 0;
    if (depth < 0) return end - 1;
  }
  return source.length;
}

function regexpAt(source: string, at: number): string {
  const regexp = new RegExp(REGEXP);
  regexp.lastIndex = at;
  return regexp.exec(source)?.[0] ?? "/";
}

/** How a sign changes the depth of brackets. */
function turn(sign: string): number {
  return "([{".includes(sign) ? 1 : ")]}".includes(sign) ? -1 : 0;
}

function shortened(text: string): string {
  if (text.length <= MAX_PATTERN) return text;
  const kept = text.slice(0, MAX_PATTERN - " … }".length);
  if (!/^[[{]/.test(text)) return `${kept}…`;
  const comma = kept.lastIndexOf(",");
  return `${comma > 0 ? kept.slice(0, comma + 1) : kept} … ${text.at(-1)}`;
}
