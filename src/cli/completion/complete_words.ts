import type { Argument, Option } from "@commander-js/extra-typings";
import type { AnyCommand } from "../subcommand.ts";
import { subcommands } from "../table.ts";
import { beginning, type Candidates, NOTHING } from "./candidates.ts";

/** What could be the last of these words, which stand behind the name of the program. */
export async function completeWords(all: readonly string[]): Promise<Candidates> {
  const [name, ...rest] = all;
  const typed = all.at(-1) ?? "";
  if (all.length <= 1) return beginning(typed, typed.startsWith("-") ? GLOBAL : NAMES);
  if (name === "help") return all.length === 2 ? beginning(typed, NAMES) : NOTHING;
  const entry = subcommands.find((each) => each.name === name);
  if (entry === undefined) return NOTHING;
  const make = await entry.load();
  return await completeCommand(make(() => {}), rest);
}

async function completeCommand(command: AnyCommand, words: readonly string[]): Promise<Candidates> {
  const options = command.options as readonly Option[];
  const typed = words.at(-1)!;
  let place = 0;
  let wanted: Option | undefined;
  let isOver = false; // behind `--` nothing is an option
  for (const word of words.slice(0, -1)) {
    const option = isOver || wanted !== undefined ? undefined : optionOf(options, word);
    if (wanted === undefined && word === "--") isOver = true;
    else if (option !== undefined) { if (takesWord(option, word)) wanted = option; }
    else if (wanted === undefined) place++;
    if (option === undefined) wanted = undefined;
  }
  if (wanted !== undefined && !(wanted.optional && typed.startsWith("-"))) {
    return beginning(typed, await valuesOf(wanted, typed));
  }
  const [, flag, value] = isOver ? [] : /^(--[\w-]+)=(.*)$/s.exec(typed) ?? [];
  if (flag !== undefined) {
    const option = options.find(({ long }) => long === flag);
    return option === undefined ? NOTHING : beginning(value, await valuesOf(option, value));
  }
  if (typed.startsWith("-") && !isOver) return beginning(typed, flags(options, words));
  const argument = argumentAt(command.registeredArguments, place);
  return argument === undefined ? NOTHING : beginning(typed, await argumentValues(argument, typed));
}

function optionOf(options: readonly Option[], word: string): Option | undefined {
  const [flag] = word.split("=");
  return word.startsWith("-")
    ? options.find(({ long, short }) => flag === long || flag === short)
    : undefined;
}

/** True when the next word is for it. */
function takesWord(option: Option, word: string): boolean {
  return (option.required || option.optional) && !word.includes("=");
}

async function valuesOf(option: Option, typed: string): Promise<Candidates> {
  if (option.argChoices !== undefined) return { values: option.argChoices.map((value) => ({ value })) };
  const { completers } = await import("./completers.ts");
  const placeholder = /[<[]([^>\]]+)/.exec(option.flags)?.[1] ?? "";
  return await (completers[option.long ?? ""] ?? completers[placeholder])?.(typed) ?? NOTHING;
}

async function argumentValues(argument: Argument, typed: string): Promise<Candidates> {
  if (argument.argChoices !== undefined) return { values: argument.argChoices.map((value) => ({ value })) };
  const { completers } = await import("./completers.ts");
  const name = argument.name();
  return Object.hasOwn(completers, name) ? await completers[name](typed) : NOTHING;
}

function argumentAt(registered: readonly Argument[], place: number): Argument | undefined {
  const last = registered.at(-1);
  return registered[place] ?? (last?.variadic ? last : undefined);
}

/** Those that are not there yet; `--option` may be given again. */
function flags(options: readonly Option[], words: readonly string[]): Candidates {
  const isFree = ({ long }: Option) => long === "--option" || !words.slice(0, -1).includes(long ?? "");
  const known = options.filter((option) => option.long !== undefined && !option.hidden && isFree(option));
  return {
    values: [
      ...known.map(({ long, description }) => ({ value: long!, about: description })),
      { value: "--help", about: "all about this" },
    ],
  };
}

const NAMES: Candidates = { values: subcommands.map(({ name, about }) => ({ value: name, about })) };
const GLOBAL: Candidates = { values: [{ value: "--help" }, { value: "--version" }] };
