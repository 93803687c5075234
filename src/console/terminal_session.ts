import { besideValue } from "./beside_value.ts";
import { Completer } from "./completion/completer.ts";
import { ConsoleWorld } from "./console_world.ts";
import { Interrupt } from "./evaluator/interrupt.ts";
import { Output } from "./output.ts";
import { SecretBook } from "./secret_book.ts";
import { red } from "../show/paint.ts";
import { showValue } from "../show/value.ts";
import { describePort, ParleyError, type PlotRequest, type PortChoice } from "../../mod.ts";
import { TransferBoard } from "./transfer_board.ts";
import type { Completion, Terminal } from "./terminal/terminal.ts";

/** What a {@linkcode TerminalSession} has to know besides its terminal. */
export interface TerminalSessionOptions {
  /** Whether values and errors are shown in colours. */
  readonly colors: boolean;
  /** What was typed, oldest first. */
  readonly history: () => readonly string[];
}

/** What stands behind the prompt: the console's world, and how it and the terminal meet. */
export class TerminalSession {
  readonly #terminal: Terminal;
  readonly #output: Output;
  readonly #interrupt: Interrupt;
  readonly #world: ConsoleWorld;
  readonly #secrets: SecretBook;
  readonly #completer: Completer;
  readonly #leaving = Promise.withResolvers<null>();
  /** Ctrl-C while links are being closed: whoever does not take the last words in time does not get them. */
  readonly #hurrying = Promise.withResolvers<string[]>();
  #isEvaluating = false;
  #isClosing = false;

  /** From now on everything that is printed goes to the terminal, above the line being typed. */
  constructor(terminal: Terminal, { colors, history }: TerminalSessionOptions) {
    this.#terminal = terminal;
    const secrets = new SecretBook((name) =>
      this.#refusal(`ask for ${name}`, "set that variable for the console, or type the line there") ??
        terminal.askSecret(name)
    );
    this.#secrets = secrets;
    const output = new Output({
      write: (text) => terminal.print(text),
      isBehind: () => terminal.isBehind,
      mask: secrets.mask,
      colors,
      divert: (text) => this.#world.share.takes(text),
      onConsole: (text) => this.#world.log.text(text.replace(/\n$/, "")),
    });
    this.#output = output;
    this.#interrupt = new Interrupt(terminal.stopFlag);
    this.#world = new ConsoleWorld({
      interrupt: this.#interrupt,
      colors,
      showsAnswers: true,
      print: (text, isRaw) => output.print(text, isRaw),
      screen: {
        result: (value, roundTrip) => {
          const { columns } = terminal.size;
          output.printResult(besideValue(showValue(value, { colors }), roundTrip, columns, colors));
        },
        failure: (text) => output.printResult(red(text, colors)),
        notice: (text) => output.printResult(text),
        confirm: (question) => terminal.confirm(question),
        showLive: terminal.isLive ? (lines) => terminal.showLive(lines) : undefined,
      },
      secrets,
      transfers: terminal.isLive
        ? new TransferBoard({
          columns: () => terminal.size.columns,
          showStatus: (line) => terminal.showStatus(line),
          print: (line) => output.print(line),
        })
        : undefined,
      history,
      leave: () => this.#leaving.resolve(null),
    });
    this.#completer = new Completer(this.#world.shell);
    for (const [name, listener] of this.#listeners) globalThis.addEventListener(name, listener);
    output.install();
  }

  /** What could be meant at the cursor. */
  complete(text: string, cursor: number): Completion | Promise<Completion> {
    return this.#completer.complete(text, cursor);
  }

  /** Whether an input holds a secret, so that it must not be written down. */
  holdsSecret(input: string): boolean {
    return this.#secrets.isIn(input);
  }

  /** Ctrl-C that was not for the line being typed: for what is evaluated, if anything is. */
  interrupt(): void {
    if (this.#isEvaluating) return this.#interrupt.request();
    this.#interrupt.clear();
    if (this.#isClosing) this.#hurrying.resolve([]);
  }

  /** Evaluates one input after another until the user leaves, then closes all links. @param first The first input. */
  async run(first: Promise<string | null>): Promise<void> {
    for (let next = first;; next = this.#terminal.readInput()) {
      const text = await Promise.race([next, this.#leaving.promise]);
      if (text === null || !(await this.#evaluate(text))) break;
    }
    this.#isClosing = true;
    const hint = setTimeout(() => this.#output.print(CLOSING_HINT), CLOSING_HINT_MS);
    const closed = await Promise.race([this.#world.close(), this.#hurrying.promise]);
    clearTimeout(hint);
    if (closed.length > 0) this.#output.printResult(`Closed: ${closed.join(", ")}`);
    const { summary } = this.#world.report;
    if (summary !== undefined) this.#output.printResult(summary);
    for (const [name, listener] of this.#listeners) globalThis.removeEventListener(name, listener);
    this.#output.close();
  }

  /** Resolves to false when the user left meanwhile. */
  async #evaluate(text: string): Promise<boolean> {
    this.#isEvaluating = true;
    const stays = await Promise.race([
      this.#world.shell.input(text).then(() => true),
      this.#leaving.promise.then(() => false),
    ]);
    this.#isEvaluating = false;
    this.#interrupt.clear();
    return stays;
  }

  /** Why this screen is not for what runs: whoever sits here has not asked, and who has attached cannot see it. */
  #refusal(what: string, instead: string): Promise<never> | undefined {
    if (this.#world.share.seat === undefined) return undefined;
    const why = `Cannot ${what} for one who has attached: ${instead}`;
    return Promise.reject(new ParleyError("no_terminal", why));
  }

  readonly #showPlot = (event: Event): void => {
    const plot = (event as CustomEvent<PlotRequest>).detail;
    const refusal = this.#refusal("plot", "type it in the console itself, or look at it by .web");
    if (refusal !== undefined) plot.take(refusal);
    else if (this.#terminal.isLive) plot.take(this.#terminal.showLive(plot));
  };

  readonly #choosePort = (event: Event): void => {
    const { ports, answer } = (event as CustomEvent<PortChoice>).detail;
    const newestFirst = ports.toReversed();
    const refusal = this.#refusal("choose a port", `name one of ${newestFirst.map(describePort).join("; ")}`);
    if (refusal !== undefined) return answer(refusal);
    const chosen = this.#terminal.choose("Which serial port?", newestFirst.map(describePort));
    answer(chosen.then((index) => index === null ? undefined : newestFirst[index]));
  };

  /** What the library asks of whoever has the screen. */
  readonly #listeners: readonly (readonly [string, (event: Event) => void])[] = [
    ["parley:choose-port", this.#choosePort],
    ["parley:plot", this.#showPlot],
  ];
}

/** Closing that goes on for so long, in milliseconds, is explained. */
const CLOSING_HINT_MS = 500;
const CLOSING_HINT = "Closing the links: a peer does not take what was sent. Ctrl-C leaves at once";
