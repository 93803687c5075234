import { splitLines } from "./split_lines.ts";

/**
 * What one process did, in a file: each line is written by one call of the system, so that `kill -9` loses none and
 * halves none.
 *
 * | first word | who writes it | what it says |
 * | --- | --- | --- |
 * | `E id` | both | a handler was executed for this operation |
 * | `A id` | client | it was answered, and the answer was right |
 * | `W id text` | client | it was answered wrongly |
 * | `F id code outcome` | client | it failed |
 * | `O id state` | both | it was still pending a second after its deadline |
 */
export class Journal implements Disposable {
  readonly #file: Deno.FsFile;
  readonly #encoder = new TextEncoder();

  constructor(path: string) {
    this.#file = Deno.openSync(path, { append: true, create: true });
  }

  /** Adds one line. */
  write(...words: string[]): void {
    const line = words.map((word) => word.replaceAll(/\s+/g, "_")).join(" ");
    this.#file.writeSync(this.#encoder.encode(`${line}\n`));
  }

  /** Closes the file. */
  [Symbol.dispose](): void {
    this.#file.close();
  }
}

/** The lines of a journal, each as its words. */
export async function* readJournal(path: string): AsyncGenerator<string[], void, void> {
  const file = await Deno.open(path);
  for await (const line of splitLines(file.readable)) yield line.split(" ");
}
