import { dirname, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import * as parley from "../../../mod.ts";
import { type SavedInput, toScript } from "../saved/script.ts";
import type { Shell } from "../shell.ts";
import { type Command, CommandError } from "./command.ts";

/** `.save` */
export const save: Command = {
  name: "save",
  usage: "file.ts [--force]",
  about: "save what worked in this session as a script",
  help:
    `The lines that succeeded, as a TypeScript module that imports mod.ts and runs unchanged: what was shown
as a value is shown by show(). A file that exists is only overwritten with --force.
Example:
  .save demo.ts
  then, in a shell:  deno task parley run demo.ts`,
  async run(text, shell) {
    const { path, force } = parse(text);
    if (shell.inputs.length === 0) {
      throw new CommandError("Nothing to save: no line has succeeded in this session");
    }
    const lines = await writeScript(shell, { path, force });
    const left = shell.failures === 0
      ? ""
      : `, ${shell.failures} failed ${shell.failures === 1 ? "input" : "inputs"} left out`;
    shell.print(
      `Saved ${path} (${lines} ${
        lines === 1 ? "line" : "lines"
      }${left}). Run it with: deno task parley run ${path}`,
    );
  },
};

/**
 * Writes inputs of the session as a script. Resolves with how many lines it has.
 *
 * @param inputs Which of them. Default: all that succeeded.
 * @throws {CommandError} the file is there already, or cannot be written.
 */
export async function writeScript(
  shell: Shell,
  { path, force, inputs = shell.inputs }: {
    readonly path: string;
    readonly force: boolean;
    readonly inputs?: readonly SavedInput[];
  },
): Promise<number> {
  const script = await toScript(inputs, {
    modSpecifier: specifier(path, new URL("../../../mod.ts", import.meta.url)),
    exportedNames: Object.keys(parley),
    ...linkNames(shell),
    rebase: (each) => /^\.{0,2}\//.test(each) ? specifier(path, pathToFileURL(resolve(each))) : each,
  });
  await write(path, script, force);
  return script.trimEnd().split("\n").length;
}

function parse(text: string): { path: string; force: boolean } {
  const force = /(^|\s)--force(?=\s|$)/.test(text);
  const path = text.replace(/(^|\s)--force(?=\s|$)/, "").trim();
  if (path === "") {
    throw new CommandError("Cannot save: the name of the file is missing; write .save demo.ts");
  }
  return { path, force };
}

/** The variables that hold the links; also of links that are down now: they will be up when the script runs. */
function linkNames({ book }: Shell): { clients: string[]; servers: string[] } {
  const named = (kind: typeof parley.Client | typeof parley.Server) =>
    book.links.filter((link) => link instanceof kind)
      .map((link) => book.nameOf(link))
      .filter((name) => /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name));
  return { clients: named(parley.Client), servers: named(parley.Server) };
}

/** How a script at `path` imports the file at `url`: a relative path keeps the script free of this machine's folders. */
function specifier(path: string, url: URL): string {
  if (url.protocol !== "file:") return url.href;
  const way = relative(dirname(resolve(path)), decodeURIComponent(url.pathname)).replaceAll("\\", "/");
  return way.startsWith(".") ? way : `./${way}`;
}

async function write(path: string, script: string, force: boolean): Promise<void> {
  try {
    await Deno.writeTextFile(path, script, force ? {} : { createNew: true });
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) {
      throw new CommandError(`Cannot save: "${path}" exists; .save ${path} --force overwrites it`);
    }
    throw new CommandError(
      `Cannot save "${path}": ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
