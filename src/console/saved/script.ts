/**
 * A session as a script: what was typed becomes a module that does the same again, unattended.
 *
 * @module
 */
import { closingLines } from "./closing.ts";
import { ScriptNames } from "./declarations.ts";
import { SavedImports } from "./imports.ts";
import { saveInput } from "./input.ts";
import { type SavedInput, Session } from "./session.ts";
import { Syntax } from "../evaluator/syntax.ts";

export type { SavedInput } from "./session.ts";

/** What a saved script needs to know about the world it will run in. */
export interface ScriptOptions {
  /** How the script imports Parley: `"../mod.ts"`. */
  modSpecifier: string;
  /** The names that Parley exports and the console offers as globals, `show` among them. */
  exportedNames: readonly string[];
  /** The variables that hold the clients the session opened, in the order of opening. */
  clients: readonly string[];
  /** The variables that hold the servers the session opened, in the order of opening. */
  servers: readonly string[];
  /** Whether there are open clients that no variable holds: only the end of the program closes them. Default false. */
  hasNameless?: boolean;
  /** The lines to be written behind an input, by its number. By default there are none. */
  waits?: ReadonlyMap<number, readonly string[]>;
  /** Turns a relative specifier, as it was typed, into one for the place of the script. By default it stays. */
  rebase?: (specifier: string) => string;
}

/**
 * Writes the inputs that succeeded, in order, as one module for `deno run`.
 *
 * Static imports are merged on top, with only those names of Parley that are used. A value that was shown is
 * shown again by `show`; a name that was declared again is a `let` with assignments; `_` is a variable where it
 * is used. At the end clients and servers are closed, the last one opened first; a script that only serves stays.
 *
 * @throws {SourceError} When an input does not parse, which one that succeeded always does.
 */
export async function toScript(inputs: readonly SavedInput[], options: ScriptOptions): Promise<string> {
  const syntax = await Syntax.load();
  const session = new Session(syntax, inputs);
  const renamed = renamedExports(session, options.exportedNames);
  const names = new ScriptNames(new Set([...session.variable, ...renamed]));
  const imports = new SavedImports();
  const show = session.firstInput.has("show") ? "showValue" : "show";
  importUsed(session, options, renamed, show, imports);

  const lines = renamed.map((name) => `${names.letFor(name)}${name} = ${aliasOf(name)};`);
  if (session.readsUnsetResult) lines.push(`${names.letFor("_")}_: any;`);
  const parts = {
    syntax,
    imports,
    names,
    show,
    modSpecifier: options.modSpecifier,
    rebase: options.rebase ?? ((specifier: string) => specifier),
  };
  for (const [index, input] of session.inputs.entries()) {
    lines.push(saveInput(input, session.remembered.has(index), parts), ...options.waits?.get(index) ?? []);
  }
  const blocks = [imports.lines(), lines.filter((line) => line !== ""), closing(session, options)];
  return blocks.filter((block) => block.length > 0).map((block) => `${block.join("\n")}\n`).join("\n");
}

/** Exports that were used first and then declared anew: the import needs another name. */
function renamedExports(session: Session, exportedNames: readonly string[]): string[] {
  return exportedNames.filter((name) => {
    const declaredIn = session.firstInput.get(name) ?? -1;
    return session.inputs.slice(0, Math.max(0, declaredIn)).some(({ uses }) => uses.reads.has(name));
  });
}

function aliasOf(name: string): string {
  return `${name}OfParley`;
}

function importUsed(
  session: Session,
  { modSpecifier, exportedNames }: ScriptOptions,
  renamed: readonly string[],
  show: string,
  imports: SavedImports,
): void {
  const used = new Set(session.inputs.flatMap(({ uses }) => [...uses.reads, ...uses.types]));
  for (const name of [...exportedNames].sort()) {
    if (renamed.includes(name)) imports.add(modSpecifier, name, aliasOf(name));
    else if (used.has(name) && !session.firstInput.has(name)) imports.add(modSpecifier, name, name);
  }
  if (session.inputs.some(({ printed }) => printed)) imports.add(modSpecifier, "show", show);
}

function closing(session: Session, { clients, servers, hasNameless = false }: ScriptOptions): string[] {
  const known = (names: readonly string[]) => names.filter((name) => session.firstInput.has(name)).reverse();
  if (known(clients).length > 0 || hasNameless) {
    return closingLines([...known(clients), ...known(servers)], hasNameless);
  }
  return known(servers).length > 0 ? ["// Nothing is closed here: the script serves until Ctrl-C."] : [];
}
