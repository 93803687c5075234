import type { Entry } from "./row.ts";

/** What the contestants of one run need beside the library: looked for or fetched once, gone with the run. */
export class Preparations implements AsyncDisposable {
  /** Where it is fetched to. */
  readonly directory: string = Deno.makeTempDirSync({ prefix: "parley_bench_" });
  readonly #found = new Map<NonNullable<Entry["prepare"]>, Promise<string | undefined>>();

  /** Why the entry cannot be measured here; `undefined` when it can. */
  whyAbsent({ prepare }: Entry): Promise<string | undefined> {
    if (prepare === undefined) return Promise.resolve(undefined);
    const known = this.#found.get(prepare) ?? prepare(this.directory);
    this.#found.set(prepare, known);
    return known;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.directory, { recursive: true });
  }
}
