import { dirname, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import * as parley from "../../../mod.ts";
import { type SavedInput, toScript } from "../saved/script.ts";
import { planWaits, type WaitPlan } from "../saved/waits.ts";
import type { Shell } from "../shell.ts";
import { suggestion } from "../../suggestion.ts";
import { type Command, CommandError } from "./command.ts";

/** `.save` */
export const save: Command = {
  name: "save",
  usage: "file.ts [--force]",
  about: "save what worked as a script",
  help:
    `The lines that succeeded, as a TypeScript module that imports mod.ts and runs unchanged: what was shown as a
value is shown by show(). A file that exists is asked about, or only overwritten with --force.
Where a client got messages after a line and before the next one was typed, the script waits for as many with
receive(). Not for links that you read yourself (receive, for await, onReceive), nor for those that talk
unasked (telemetry). --no-waits leaves all waits out. Values of secret("NAME") are never written.
Example:
  .save demo.ts
  then, in a shell:  deno task parley run demo.ts`,
  async run(text, shell) {
    const { path, force, waits } = parse(text);
    if (shell.inputs.length === 0) {
      throw new CommandError("Nothing to save: no line has succeeded in this session");
    }
    const saved = await writeScript(shell, { path, force, waits });
    if (saved === undefined) return shell.print(`Not saved: ${path} is as it was.`);
    const { plan, script, isMasked } = saved;
    shell.print(
      `Saved ${path} (${whatIsIn(script, plan, shell)}). Run it with: deno task parley run ${path}`,
    );
    if (plan.talkers.length > 0) {
      shell.print(`Without waits for ${plan.talkers.join(", ")}: what came there came unasked.`);
    }
    if (isMasked) shell.print(TYPED_OUT);
  },
};

/** Told where a secret was typed out. */
export const TYPED_OUT =
  'A secret was typed out: [secret NAME] stands in its place. Write ${await secret("NAME")} there.';

/** A script that was written, and what was made of the session for it. */
export interface WrittenScript {
  readonly script: string;
  readonly plan: WaitPlan;
  /** True when a secret that was typed out is left out of it. */
  readonly isMasked: boolean;
}

/**
 * Writes inputs of the session as a script; resolves with `undefined` when somebody who was asked did not want it.
 *
 * @param inputs Which of them. Default: all that succeeded.
 * @throws {CommandError} the file is there already, or cannot be written.
 */
export async function writeScript(
  shell: Shell,
  { path, force, waits, inputs = shell.inputs }: {
    readonly path: string;
    readonly force: boolean;
    /** Whether the script waits where the person waited. */
    readonly waits: boolean;
    readonly inputs?: readonly SavedInput[];
  },
): Promise<WrittenScript | undefined> {
  const plan = waits ? planOf(shell, inputs) : NO_WAITS;
  const whole = await toScript(inputs, {
    modSpecifier: specifier(path, new URL("../../../mod.ts", import.meta.url)),
    exportedNames: Object.keys(parley),
    ...linkNames(shell),
    hasNameless: shell.book.hasNameless,
    waits: plan.after,
    rebase: (each) => /^\.{0,2}\//.test(each) ? specifier(path, pathToFileURL(resolve(each))) : each,
  });
  const script = shell.secrets.mask(whole);
  return await write(path, script, force, shell) ? { script, plan, isMasked: script !== whole } : undefined;
}

/** The waits of the session, behind those inputs that are written. */
function planOf(shell: Shell, inputs: readonly SavedInput[]): WaitPlan {
  const turns = shell.book.turns.turns(Date.now());
  const plan = planWaits(turns, { ownWay: ownWay(shell), mask: shell.secrets.mask });
  const numbers = inputs.map((input) => shell.inputs.indexOf(input));
  const after = new Map(numbers.map((number, index) => [index, plan.after.get(number) ?? []]));
  return { ...plan, after };
}

function whatIsIn(script: string, { count }: WaitPlan, { failures }: Shell): string {
  const counted = (number: number, word: string) => `${number} ${word}${number === 1 ? "" : "s"}`;
  const parts = [counted(script.trimEnd().split("\n").length, "line")];
  if (count > 0) parts.push(`${counted(count, "wait")} for answers`);
  if (failures > 0) parts.push(`${counted(failures, "failed input")} left out`);
  return parts.join(", ");
}

function parse(text: string): { path: string; force: boolean; waits: boolean } {
  const words = text.split(/\s+/);
  const flags = words.filter((word) => word.startsWith("--"));
  const unknown = flags.find((flag) => !FLAGS.includes(flag));
  if (unknown !== undefined) {
    const near = suggestion(unknown, FLAGS) || `; there are ${FLAGS.join(" and ")}`;
    throw new CommandError(`Cannot save: no option "${unknown}"${near}`);
  }
  const path = text.replaceAll(/(^|\s)--\S+/g, "").trim();
  if (path === "") {
    throw new CommandError("Cannot save: the name of the file is missing; write .save demo.ts");
  }
  return { path, force: flags.includes("--force"), waits: !flags.includes("--no-waits") };
}

const FLAGS: readonly string[] = Object.freeze(["--force", "--no-waits"]);
const NO_WAITS: WaitPlan = { after: new Map(), count: 0, talkers: [] };

const HAS_CALLBACK = /\bonReceive\b/;

/** Links whose messages go to code that was typed. */
function ownWay({ book, inputs }: Shell): Set<parley.Client | parley.Server> {
  const found = new Set(book.turns.ownWay);
  for (const { input, names } of book.turns.turns(Date.now())) {
    if (input === undefined || !HAS_CALLBACK.test(inputs[input].source)) continue;
    for (const link of names.keys()) found.add(link);
  }
  for (const { source } of inputs.filter(({ source }) => HAS_CALLBACK.test(source))) {
    const words = new Set(source.match(/[\p{ID_Continue}$]+/gu));
    for (const link of book.links) if (words.has(book.nameOf(link))) found.add(link);
  }
  return found;
}

/** The variables that hold the links; also of links that are down now: they will be up when the script runs. */
function linkNames({ book }: Shell): { clients: string[]; servers: string[] } {
  const named = (kind: typeof parley.Client | typeof parley.Server) =>
    [...new Set(book.links.filter((link) => link instanceof kind).map((link) => book.nameOf(link)))]
      .filter((name) => /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name));
  return { clients: named(parley.Client), servers: named(parley.Server) };
}

/** How a script at `path` imports the file at `url`: a relative path keeps the script free of this machine's folders. */
function specifier(path: string, url: URL): string {
  if (url.protocol !== "file:") return url.href;
  const way = relative(dirname(resolve(path)), decodeURIComponent(url.pathname)).replaceAll("\\", "/");
  return way.startsWith(".") ? way : `./${way}`;
}

/** False when somebody who was asked did not want it. */
async function write(path: string, script: string, force: boolean, shell: Shell): Promise<boolean> {
  try {
    await Deno.writeTextFile(path, script, force ? {} : { createNew: true });
    return true;
  } catch (error) {
    const found = await Deno.stat(path).catch(() => undefined);
    if (found?.isDirectory) throw new CommandError(`Cannot save "${path}": it is a directory`);
    if (error instanceof Deno.errors.AlreadyExists) {
      const answer = await shell.confirm?.(`${path} exists. Overwrite it?`);
      if (answer !== undefined) return answer && await write(path, script, true, shell);
      throw new CommandError(`Cannot save: "${path}" exists; .save ${path} --force overwrites it`);
    }
    throw new CommandError(
      `Cannot save "${path}": ${(error as Error).message.replace(/ \(os error \d+\).*/, "").toLowerCase()}`,
    );
  }
}
