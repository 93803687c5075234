import { Completer } from "../../../src/console/completion/completer.ts";
import { ConsoleWorld } from "../../../src/console/console_world.ts";
import { SecretBook } from "../../../src/console/secret_book.ts";
import { Interrupt } from "../../../src/console/evaluator/interrupt.ts";
import type { Completion } from "../../../src/console/terminal/completion.ts";

/** A console without a terminal, in which Tab can be pressed. What it shows is collected. */
export class CompletingConsole implements AsyncDisposable {
  readonly #world: ConsoleWorld;
  readonly #completer: Completer;
  readonly shown: string[] = [];

  /** @param history What was typed in earlier sessions, oldest first. */
  constructor(history: readonly string[] = []) {
    const show = (text: string) => void this.shown.push(text);
    this.#world = new ConsoleWorld({
      interrupt: new Interrupt(),
      colors: false,
      print: show,
      screen: { result: () => {}, failure: show, notice: show },
      secrets: new SecretBook(),
      history: () => history,
      leave: () => {},
    });
    this.#completer = new Completer(this.#world.shell);
  }

  /** Does what was typed. */
  async input(...lines: string[]): Promise<void> {
    for (const line of lines) {
      if (!await this.#world.shell.input(line)) throw new Error(`${line}: ${this.shown.at(-1)}`);
    }
  }

  /** What Tab finds at the end of a line, or where `|` stands in it. */
  async at(marked: string): Promise<Completion> {
    const cursor = marked.includes("|") ? marked.indexOf("|") : marked.length;
    return await this.#completer.complete(marked.replace("|", ""), cursor);
  }

  /** The texts of what Tab finds. */
  async texts(marked: string): Promise<string[]> {
    return (await this.at(marked)).candidates.map(({ text }) => text);
  }

  /** What the list shows of what Tab finds, each with what it is. */
  async list(marked: string): Promise<Record<string, string | undefined>> {
    const { candidates } = await this.at(marked);
    return Object.fromEntries(candidates.map(({ text, label = text, about }) => [label, about]));
  }

  /** Closes all links. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#world.close();
  }
}
