/**
 * Completion of what stands before the cursor: commands, names and members, found without running anything.
 *
 * @module
 */
import { CodeScanner } from "./code_scanner.ts";
import type { Completion } from "../terminal/completion.ts";
import { dataProperty, memberNames } from "./member_names.ts";
import { runtimeName } from "./runtime.ts";

/** What there is to complete from. */
export interface CompleteOptions {
  /** The commands of the console, with their dot: `.help`. */
  commands: readonly string[];
  /** The object that holds the names. Default: `globalThis`, which holds what was typed too. */
  globals?: object;
}

/** More than anyone reads, and few enough to list at once. */
const maxCandidates = 500;

const keywords =
  ("async await break case catch class const continue debugger default delete do else enum export extends false " +
    "finally for function if import in instanceof interface let namespace new null of return satisfies static " +
    "super switch this throw true try type typeof undefined using var void while yield").split(" ");

const name = String.raw`[\p{ID_Start}$_][\p{ID_Continue}$]*`;
const step = String.raw`\s*\??\.\s*${name}|(?:\?\.)?\[(?:\d+|"[^"\\]*"|'[^'\\]*')\]`;
/** What must not stand before a name that begins a chain: a letter, or a dot that is no spread. */
const noBegin = String.raw`(?<![\p{ID_Continue}$]|(?<!\.\.)\.\s*)`;
/** A chain such as `a.b?.c[0].na`. */
const chain = new RegExp(String.raw`${noBegin}(${name})((?:${step})*)\s*\??\.\s*(${name})?$`, "u");
/** Each step of a chain, by name, by number or by a quoted key. */
const stepKeys = new RegExp(String.raw`\.\s*(${name})|\[(\d+)\]|\[("[^"]*"|'[^']*')\]`, "gu");
const word = new RegExp(String.raw`${noBegin}(?:${name})?$`, "u");

/**
 * Completes the text before `cursor` in `line`, which may have several lines.
 *
 * Members are looked up through plain data properties only: at a getter or a proxy the search ends, so that
 * completing never has an effect. Strings and comments give nothing.
 *
 * @returns At most 500 candidates, each a replacement for the text from `start` to the cursor.
 */
export function complete(line: string, cursor: number, options: CompleteOptions): Completion {
  const text = line.slice(0, cursor);
  const command = text.match(/^\s*(\.\S*)$/)?.[1];
  if (command !== undefined) {
    const candidates = options.commands.filter((each) => each.startsWith(command));
    return { candidates: [...candidates].sort().slice(0, maxCandidates), start: cursor - command.length };
  }
  if (/^\s*\.[\p{ID_Start}]/u.test(text) || !new CodeScanner().feed(text).isCode) {
    return { candidates: [], start: cursor };
  }
  const globals = options.globals ?? globalThis;
  const member = text.match(chain);
  if (member) {
    const [, root, steps, prefix = ""] = member;
    return { candidates: members(globals, root, steps, prefix), start: cursor - prefix.length };
  }
  const prefix = text.match(word)?.[0];
  if (prefix === undefined) return { candidates: [], start: cursor };
  return { candidates: globalNames(globals, prefix), start: cursor - prefix.length };
}

function members(globals: object, root: string, steps: string, prefix: string): string[] {
  let holder = root === "this" || root === "globalThis"
    ? { value: globals as unknown }
    : dataProperty(globals, root);
  for (const [, key, index, quoted] of steps.matchAll(stepKeys)) {
    holder = holder && dataProperty(holder.value, key ?? index ?? quoted.slice(1, -1));
  }
  if (holder === undefined) return [];
  const { names, common } = memberNames(holder.value, prefix);
  return prefix === "" && names.length > 0
    ? listed(names)
    : [...listed(names), ...listed(common)].slice(0, maxCandidates);
}

/** Without a single letter to go by, only what the program and the user defined is worth listing. */
function globalNames(globals: object, prefix: string): string[] {
  if (prefix === "") return listed(Object.keys(globals));
  const { names, common } = memberNames(globals, prefix);
  return listed([...new Set([...names, ...common, ...keywords.filter((each) => each.startsWith(prefix))])]);
}

/** In alphabetical order, with names that begin with an underscore last. */
function listed(names: readonly string[]): string[] {
  const isPrivate = (each: string): number => each.startsWith("_") ? 1 : 0;
  return names.filter((each) => each !== runtimeName)
    .sort((a, b) => isPrivate(a) - isPrivate(b) || (a < b ? -1 : 1)).slice(0, maxCandidates);
}
