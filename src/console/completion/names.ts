import { codecs } from "../../../mod.ts";
import { memberNames } from "../evaluator/member_names.ts";
import { runtimeName } from "../evaluator/runtime.ts";
import type { Reference } from "../reference/reference.ts";
import type { Candidate, Completion } from "../terminal/completion.ts";
import { chainBefore, MAX_CHAIN_CHARS, valueOf } from "./chain.ts";
import { classOf } from "./parley_class.ts";
import type { Place } from "./place.ts";
import type { CompletionWorld, Found } from "./source.ts";

/** More than anyone reads, and few enough to list at once. */
const maxCandidates = 500;

const keywords =
  ("async await break case catch class const continue debugger default delete do else enum export extends false " +
    "finally for function if import in instanceof interface let namespace new null of return satisfies static " +
    "super switch this throw true try type typeof undefined using var void while yield").split(" ");

const name = String.raw`[\p{ID_Start}$_][\p{ID_Continue}$]*`;
/** A dot that is no part of a number or a spread, and the beginning of a name behind it. */
const memberAtEnd = new RegExp(String.raw`\s*\??(?<!\d|\.)\.\s*(${name})?$`, "u");
const nameAtEnd = new RegExp(String.raw`(?<![\p{ID_Continue}$]|(?<!\.\.)\.\s*)(?:${name})?$`, "u");

/**
 * Names and members at the cursor. Members are looked up through plain data properties only: at a getter or a proxy the
 * search ends, so that completing never has an effect. Strings and comments give nothing.
 */
export function names({ line, cursor, isCode }: Place, world: CompletionWorld): Found {
  if (!isCode) return undefined;
  const text = line.slice(Math.max(0, cursor - MAX_CHAIN_CHARS), cursor);
  const member = memberAtEnd.exec(text);
  if (member !== null) {
    const chain = chainBefore(text.slice(0, member.index));
    const [, prefix = ""] = member;
    const holder = chain && valueOf(chain, world.globals);
    if (holder === undefined) return { candidates: [], start: cursor };
    return completion(members(holder.value, prefix), cursor - prefix.length, world, (reference) => {
      const owner = classOf(holder.value);
      const known = owner === undefined ? undefined : reference.members(owner);
      return holder.value === codecs ? (key) => codecs[key]?.about : (key) => known?.get(key)?.doc;
    });
  }
  const prefix = nameAtEnd.exec(text)?.[0];
  if (prefix === undefined) return { candidates: [], start: cursor };
  return completion(
    globalNames(world.globals, prefix),
    cursor - prefix.length,
    world,
    (reference) => (key) => reference.entry(key)?.doc,
  );
}

/** The names with what the doc comments say of them, once that is loaded. */
function completion(
  found: readonly string[],
  start: number,
  { reference }: CompletionWorld,
  about: (reference: Reference) => (name: string) => string | undefined,
): Completion {
  const of = reference.now === undefined ? undefined : about(reference.now);
  return { candidates: found.map((text): Candidate => ({ text, about: of?.(text) })), start };
}

function members(holder: unknown, prefix: string): string[] {
  const { names, common } = memberNames(holder, prefix);
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
