import { Console } from "node:console";
import { Writable } from "node:stream";

/** Takes what the global `console` prints, and gives its methods back in the end. */
export class ConsoleCapture {
  readonly #take: (text: string) => void;
  #own: Record<string, unknown> | undefined;

  /** @param take Gets each text as `console` has formatted it, with its line end. */
  constructor(take: (text: string) => void) {
    this.#take = take;
  }

  /** From now on everything that `console` prints is taken. Of no effect the second time. */
  install(): void {
    if (this.#own !== undefined) return;
    const own = globalThis.console;
    this.#own = Object.fromEntries(METHODS.map((method) => [method, own[method]]));
    const stdout = new Writable({
      decodeStrings: false,
      write: (text, _encoding, done) => {
        this.#take(String(text));
        done();
      },
    });
    const ours = new Console({ stdout, stderr: stdout, colorMode: false });
    Object.assign(console, Object.fromEntries(METHODS.map((method) => [method, ours[method].bind(ours)])));
  }

  /** Gives the console its own methods back. */
  restore(): void {
    if (this.#own !== undefined) Object.assign(console, this.#own);
    this.#own = undefined;
  }
}

const METHODS = [
  "assert",
  "count",
  "countReset",
  "debug",
  "dir",
  "dirxml",
  "error",
  "group",
  "groupCollapsed",
  "groupEnd",
  "info",
  "log",
  "table",
  "time",
  "timeEnd",
  "timeLog",
  "trace",
  "warn",
] as const;
