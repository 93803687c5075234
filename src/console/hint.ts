import { types } from "node:util";
import { CancelledError, Check } from "../../mod.ts";
import { timerOf } from "../show/timer.ts";
import { suggestion } from "../suggestion.ts";
import { dataProperty, memberNames } from "./evaluator/member_names.ts";

/** What a person who got this error most likely meant, as one line; `undefined` when nothing comes to mind. */
export function hintForError(source: string, error: unknown): string | undefined {
  if (!types.isNativeError(error)) return undefined;
  if (error instanceof CancelledError && error.outcome === "unknown") {
    return "  (called off; it may have been handled over there all the same)";
  }
  const { name, message } = error as Error;
  if (name === "SyntaxError") return hintForWords(source.trim());
  if (name === "ReferenceError") {
    const word = /^([\p{ID_Continue}$]+) is not defined$/u.exec(message)?.[1];
    return word === undefined ? undefined : hintForWord(source.trim(), word);
  }
  const matcher = /^check\(\.\.\.\)\.([\p{ID_Continue}$]+) is not a function$/u.exec(message)?.[1];
  if (matcher !== undefined) return asLine(suggestion(matcher, memberNames(Check.prototype, "").names), ".");
  const call = /^([\p{ID_Continue}$.]+)\.([\p{ID_Continue}$]+) is not a function$/u.exec(message);
  return call === null ? undefined : hintForMember(call[1], call[2]);
}

/** What a person may have forgotten who got this value; `undefined` for nearly all of them. */
export function hintForValue(value: unknown): string | undefined {
  const timer = typeof value === "object" && value !== null && !types.isProxy(value)
    ? timerOf(value)
    : undefined;
  if (timer !== undefined && !timer.isOver) {
    return `  (${timer.everyMs === undefined ? "clearTimeout" : "clearInterval"}(${timer.id}) ends it)`;
  }
  if (!types.isPromise(value) || !Deno.inspect(value).includes("<pending>")) return undefined;
  return "  (not awaited: write await in front to see what it becomes)";
}

function hintForWord(source: string, word: string): string | undefined {
  if (/^(exit|quit|bye|q)\s*(\(\s*\))?;?$/.test(source)) return "  (.exit or Ctrl-D leaves)";
  if (/^(help|man|h)\s*(\(\s*\))?;?$/.test(source)) return "  (.help shows what there is)";
  if (/^(clear|cls)\s*(\(\s*\))?;?$/.test(source)) return "  (Ctrl-L clears the screen)";
  const about = /^(?:help|man|doc)\s*\(\s*["']?([\p{ID_Continue}$.]+)["']?\s*\);?$/u.exec(source)?.[1];
  if (about !== undefined) return `  (.help ${about} tells of it, and so does ${about}?)`;
  return asLine(suggestion(word, Object.getOwnPropertyNames(globalThis)), "");
}

/** Words that are no program, such as `help listen` and `connect tcp://…`. */
function hintForWords(source: string): string | undefined {
  const [, word, rest] = /^([a-z]+)[ \t]+([^\s"'`(=]\S*)$/i.exec(source) ?? [];
  if (word === undefined) return undefined;
  if (/^(help|man|doc)$/.test(word)) return `  (.help ${rest} tells of it, and so does ${rest}?)`;
  const takesAddress = /^(connect|listen|serial)$/.test(word);
  return takesAddress ? `  (write it as code: await ${word}(${JSON.stringify(rest)}))` : undefined;
}

/** What is meant by a dot-command that other consoles have; empty for any other. */
export function hintForCommand(name: string): string {
  const meant = Object.entries(otherNames).find(([, names]) => names.includes(name))?.[0];
  return meant === undefined ? "" : `; ${meant}`;
}

/** What other consoles call what we have, by what to do here. */
const otherNames: Readonly<Record<string, readonly string[]>> = {
  ".exit or Ctrl-D leaves": ["q", "quit", "bye", "close"],
  ".help shows what there is": ["h", "man", "commands"],
  ".links shows what is connected": ["ls", "list", "peers", "status"],
  "Ctrl-L clears the screen": ["clear", "cls"],
  'write await connect("tcp://host:port")': ["connect", "open"],
  "Alt-Enter begins another line": ["editor", "edit"],
};

/** Looks the object up as completion does: no getter of it runs. */
function hintForMember(path: string, member: string): string | undefined {
  let holder: { value: unknown } | undefined = { value: globalThis };
  for (const key of path.split(".")) {
    if (holder !== undefined) holder = dataProperty(holder.value, key);
  }
  if (holder === undefined) return undefined;
  return asLine(suggestion(member, memberNames(holder.value, "").names), `${path}.`);
}

/** `; did you mean "x"?` as a line of its own, the name with what stands before it. */
function asLine(suggested: string, prefix: string): string | undefined {
  const name = /"(.*)"/.exec(suggested)?.[1];
  return name === undefined ? undefined : `  (did you mean ${prefix}${name}?)`;
}
