/**
 * The characters and escape sequences a terminal sends, turned into named keys.
 *
 * @module
 */

/** Every key the line editor has a meaning for. */
export type KeyName =
  | "enter"
  | "newline"
  | "tab"
  | "backspace"
  | "delete"
  | "left"
  | "right"
  | "up"
  | "down"
  | "home"
  | "end"
  | "wordLeft"
  | "wordRight"
  | "deleteWordLeft"
  | "deleteWordRight"
  | "deleteBlankWordLeft"
  | "deleteToStart"
  | "deleteToEnd"
  | "yank"
  | "clearScreen"
  | "endOfInput"
  | "searchBackward"
  | "searchForward"
  | "undo"
  | "abort"
  | "suspend";

/** A key by name, or a run of characters to be put in as they are. */
export type Key = { name: KeyName } | { insert: string };

const controls: Readonly<Record<string, KeyName>> = {
  "\x01": "home",
  "\x02": "left",
  "\x04": "endOfInput",
  "\x05": "end",
  "\x06": "right",
  "\x07": "abort",
  "\x08": "backspace",
  "\t": "tab",
  "\n": "enter",
  "\x0b": "deleteToEnd",
  "\x0c": "clearScreen",
  "\r": "enter",
  "\x0e": "down",
  "\x10": "up",
  "\x12": "searchBackward",
  "\x13": "searchForward",
  "\x15": "deleteToStart",
  "\x17": "deleteBlankWordLeft",
  "\x19": "yank",
  "\x1a": "suspend",
  "\x1f": "undo",
  "\x7f": "backspace",
};

const withAlt: Readonly<Record<string, KeyName>> = {
  b: "wordLeft",
  B: "wordLeft",
  f: "wordRight",
  F: "wordRight",
  d: "deleteWordRight",
  D: "deleteWordRight",
  "\x7f": "deleteWordLeft",
  "\x08": "deleteWordLeft",
  "\r": "newline",
  "\n": "newline",
};

// Final byte of `ESC [ … X` or `ESC O X`; the number form `ESC [ n ~` is listed by its number.
const sequences: Readonly<Record<string, KeyName>> = {
  A: "up",
  B: "down",
  C: "right",
  D: "left",
  H: "home",
  F: "end",
  "1~": "home",
  "7~": "home",
  "4~": "end",
  "8~": "end",
  "3~": "delete",
};

const words: Partial<Record<KeyName, KeyName>> = {
  left: "wordLeft",
  right: "wordRight",
  delete: "deleteWordRight",
};

// deno-lint-ignore no-control-regex
const sequence = /^\x1b(?:\[([\d;:<=>?]*)[ -/]*([@-~])|O([ -~]))/;
// deno-lint-ignore no-control-regex
const unfinished = /^\x1b(?:\[[\d;:<=>?]*[ -/]*|O)?$/;
// deno-lint-ignore no-control-regex
const characters = /^[^\x00-\x1f\x7f]+/;

// What is longer than this is no key but noise, and must not be held for ever.
const maxSequenceChars = 32;

/** Decodes keyboard text into keys; a sequence split between two chunks is held until it is whole. Pure. */
export class KeyDecoder {
  #held = "";

  /** Take the next piece of input and return the keys it completes. Unknown keys are dropped. */
  feed(text: string): Key[] {
    const keys: Key[] = [];
    let rest = this.#held + text;
    this.#held = "";
    while (rest !== "") {
      const run = characters.exec(rest)?.[0];
      if (run !== undefined) {
        keys.push({ insert: run });
        rest = rest.slice(run.length);
      } else if (rest[0] !== "\x1b") {
        if (Object.hasOwn(controls, rest[0])) keys.push({ name: controls[rest[0]] });
        rest = rest.slice(1);
      } else if (rest.length <= maxSequenceChars && unfinished.test(rest)) {
        this.#held = rest;
        break;
      } else {
        rest = rest.slice(decodeEscape(rest, keys));
      }
    }
    return keys;
  }
}

/** Decode the escape sequence the text begins with, and say how many characters it took. */
function decodeEscape(text: string, keys: Key[]): number {
  const found = sequence.exec(text);
  // What is too long to be waited for is no sequence when it comes whole either.
  if (found === null || found[0].length > maxSequenceChars) {
    const next = text[1];
    if (Object.hasOwn(withAlt, next)) {
      keys.push({ name: withAlt[next] });
      return 2;
    }
    return 1; // ESC before a key without an Alt meaning: the key itself still counts
  }
  const [whole, parameters = "", final = found[3]] = found;
  const [number, modifiers] = parameters.split(";");
  const name = sequences[final === "~" ? `${number}~` : final];
  if (name === undefined) return whole.length;
  // Modifiers count from 1 and add 2 for Alt, 4 for Control: either makes it the word-wise key.
  const byWord = ((Number(modifiers ?? 1) - 1) & 6) !== 0;
  keys.push({ name: byWord ? words[name] ?? name : name });
  return whole.length;
}
