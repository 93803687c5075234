import type { Command } from "./commands/command.ts";
import { CommandError } from "./commands/command.ts";
import { commands } from "./commands/table.ts";
import type { Evaluator } from "./evaluator/evaluator.ts";
import type { EventFeed } from "./event_feed.ts";
import type { Interrupt } from "./evaluator/interrupt.ts";
import { hintForError, hintForValue } from "./hint.ts";
import { exitCodeOf } from "./exit_code.ts";
import type { LinkBook } from "./link_book.ts";
import type { SharePoint } from "./share/share_point.ts";
import type { SavedInput } from "./saved/script.ts";
import type { PortWatch } from "./port_watch.ts";
import type { LiveLines } from "./terminal/live_view.ts";
import { CancelledError, ParleyError } from "../../mod.ts";
import { showError } from "../show/error.ts";
import { suggestion } from "../suggestion.ts";

/** Where a shell writes: results apart from everything else, since a program may read them. */
export interface ShellScreen {
  /** The value of an expression. */
  result(value: unknown): void;
  /** An error: a thrown value, or text that tells of one. */
  failure(text: string, error: unknown): void;
  /** Everything else: what commands say. */
  notice(text: string): void;
  /** Shows lines that change until a key is pressed; absent where nothing can be written over. */
  showLive?(lines: LiveLines): Promise<void>;
}

/** What a {@linkcode Shell} is made of. */
export interface ShellParts {
  readonly evaluator: Pick<Evaluator, "evaluate" | "trimStack">;
  readonly book: LinkBook;
  readonly feed: EventFeed;
  readonly portWatch: PortWatch;
  readonly screen: ShellScreen;
  /** Where others may attach; absent where they may not. */
  readonly share?: SharePoint;
  /** The inputs that succeeded, where another shell has begun to gather them. */
  readonly inputs?: SavedInput[];
  /** An input begins. */
  readonly onInput?: (text: string) => void;
  /** What was typed, oldest first. */
  readonly history: () => readonly string[];
  /** Ends the console. */
  readonly leave: () => void;
}

/** What of its own a shell has that is {@linkcode Shell.beside} another one. */
export interface OwnParts extends Pick<ShellParts, "screen" | "feed" | "history" | "leave"> {
  /** What stops its inputs, and nobody else's. */
  readonly interrupt: Interrupt;
}

/** How an input is evaluated. */
export interface EvaluateOptions {
  /** False for code that the console made itself, which `.save` leaves out. Default true. */
  remember?: boolean;
  /** The folder that relative imports mean; by default the working directory. */
  folder?: string;
}

/**
 * The console without its terminal: takes whole inputs, code or dot-commands, and shows what comes of them. What
 * succeeded is remembered for `.save`.
 */
export class Shell {
  readonly commands: readonly Command[] = commands;
  readonly book: LinkBook;
  readonly feed: EventFeed;
  /** Tells of serial ports that come and go, while it is on. */
  readonly portWatch: PortWatch;
  readonly leave: () => void;
  /** Where others may attach; `undefined` where they may not. */
  readonly share: SharePoint | undefined;
  readonly #parts: ShellParts;
  readonly #evaluator: Pick<Evaluator, "evaluate" | "trimStack">;
  readonly #screen: ShellScreen;
  readonly #onInput: ((text: string) => void) | undefined;
  readonly #history: () => readonly string[];
  readonly #inputs: SavedInput[];
  #failures = 0;
  #exitCode = 0;

  constructor(parts: ShellParts) {
    this.#parts = parts;
    this.#inputs = parts.inputs ?? [];
    this.share = parts.share;
    this.book = parts.book;
    this.feed = parts.feed;
    this.portWatch = parts.portWatch;
    this.leave = parts.leave;
    this.#evaluator = parts.evaluator;
    this.#screen = parts.screen;
    this.#onInput = parts.onInput;
    this.#history = parts.history;
  }

  /** Another shell over the same session, for somebody who types elsewhere. What succeeds there is saved here as well. */
  beside({ interrupt, ...own }: OwnParts): Shell {
    const { evaluator, book, portWatch } = this.#parts;
    const beside: ShellParts["evaluator"] = {
      evaluate: (source, options) => evaluator.evaluate(source, { ...options, interrupt }),
      trimStack: (error) => evaluator.trimStack(error),
    };
    return new Shell({ ...own, book, portWatch, evaluator: beside, inputs: this.#inputs });
  }

  /** What was typed, oldest first. */
  get history(): readonly string[] {
    return this.#history();
  }

  /** The inputs that succeeded. */
  get inputs(): readonly SavedInput[] {
    return this.#inputs;
  }

  /** How many inputs failed. */
  get failures(): number {
    return this.#failures;
  }

  /** The exit code that tells of the first failure; 0 when nothing has failed. */
  get exitCode(): number {
    return this.#exitCode;
  }

  /** Says something that is no result. */
  readonly print = (text: string): void => this.#screen.notice(text);

  /** Shows lines that change until a key is pressed; `undefined` where that cannot be. */
  get showLive(): ((lines: LiveLines) => Promise<void>) | undefined {
    return this.#screen.showLive;
  }

  /** Shows a statement that is about to be evaluated without having been typed. */
  echo(source: string): void {
    this.#screen.notice(
      source.split("\n").map((line, index) => `${index === 0 ? ">" : "…"} ${line}`).join("\n"),
    );
  }

  /** True for a line that is a dot-command and not code: `.5`, `...list` and `.then(…)` are code. */
  static isCommand(line: string): boolean {
    return /^\s*\.[a-zA-Z]+(\s|$)/.test(line);
  }

  /** Does one input. Resolves to whether it succeeded; never rejects. */
  async input(text: string): Promise<boolean> {
    if (text.trim() === "") return true;
    this.#onInput?.(text);
    return Shell.isCommand(text) ? await this.#command(text.trim()) : await this.evaluate(text);
  }

  /** Evaluates code and shows its value or its error. */
  async evaluate(source: string, options: EvaluateOptions = {}): Promise<boolean> {
    const outcome = await this.#evaluator.evaluate(source, { folder: options.folder });
    if (!outcome.ok) this.feed.withdraw(outcome.error);
    this.feed.flush(); // what happened meanwhile stands before what came of it
    if (!outcome.ok) {
      this.failed(outcome.error, outcome.kind);
      this.#hint(hintForError(source, outcome.error));
      return false;
    }
    const printed = outcome.isExpression && outcome.value !== undefined;
    if (options.remember !== false) this.#inputs.push({ source, printed });
    if (printed) {
      this.#screen.result(outcome.value);
      this.#hint(hintForValue(outcome.value));
    }
    return true;
  }

  /** Shows why something failed, and returns false. */
  failed(error: unknown, kind: "syntax" | "runtime" | "interrupted" | "command"): false {
    this.#failures++;
    if (this.#exitCode === 0) this.#exitCode = exitCodeOf(error);
    this.#screen.failure(this.#explain(error, kind), error);
    return false;
  }

  #hint(hint: string | undefined): void {
    if (hint !== undefined) this.#screen.notice(hint);
  }

  #explain(error: unknown, kind: string): string {
    if (kind === "interrupted") return "Stopped. Links and handlers are as before.";
    if (kind === "command" && (error instanceof CommandError || error instanceof ParleyError)) {
      return error.message;
    }
    // Its message ends with that of its cause.
    if (error instanceof CancelledError) return showError(error, false).replace(/\n {2}because: [^]*$/, "");
    if (error instanceof ParleyError) return showError(error, false); // where it was typed is plain to see
    return this.#evaluator.trimStack(error);
  }

  async #command(text: string): Promise<boolean> {
    const [, name, rest] = /^\.(\S+)\s*(.*)$/s.exec(text)!;
    const command = this.commands.find((each) => each.name === name);
    try {
      if (command === undefined) {
        const near = suggestion(`.${name}`, this.commands.map((each) => `.${each.name}`));
        throw new CommandError(`No command ".${name}"${near || "; .help lists all of them"}`);
      }
      await command.run(rest.trim(), this);
      return true;
    } catch (error) {
      return this.failed(error, "command");
    }
  }
}
