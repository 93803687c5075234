import { pathToFileURL } from "node:url";

/** Modules that stand in for others, by their resolved specifier. */
export type StandIns = Readonly<Record<string, object>>;

/**
 * Imports for typed code. A relative specifier means the folder that the code comes from, which at the prompt is the
 * working directory; all others mean what they mean in the program itself. Some modules have a stand-in: Parley's own
 * names at the prompt are those that show what happens on their links, however they are imported.
 */
export class Importer {
  readonly #standIns: StandIns;

  constructor(standIns: StandIns = {}) {
    this.#standIns = standIns;
  }

  /** @param folder The folder that relative specifiers mean; by default the working directory. */
  import(
    specifier: string,
    options: ImportCallOptions | undefined,
    folder: string = Deno.cwd(),
  ): Promise<unknown> {
    const resolved = /^\.{0,2}\//.test(specifier)
      ? new URL(specifier, pathToFileURL(`${folder}/`)).href
      : specifier;
    if (Object.hasOwn(this.#standIns, resolved)) return Promise.resolve(this.#standIns[resolved]);
    return import(resolved, options);
  }
}
