import type { Command } from "./commands/command.ts";
import { CommandError } from "./commands/command.ts";
import { commands } from "./commands/table.ts";
import type { Evaluator } from "./evaluator/evaluator.ts";
import type { EventFeed } from "./event_feed.ts";
import { type Interrupt, Interrupted } from "./evaluator/interrupt.ts";
import { hintForCommand, hintForError, hintForValue } from "./hint.ts";
import { exitCodeOf } from "./exit_code.ts";
import type { LinkBook } from "./link_book.ts";
import { roundTripText } from "./traffic/round_trip_text.ts";
import { questionOf } from "./question.ts";
import type { SharePoint } from "./share/share_point.ts";
import type { SavedInput } from "./saved/script.ts";
import type { PortWatch } from "./port_watch.ts";
import type { SessionLog } from "./log/session_log.ts";
import type { ShellScreen } from "./shell_screen.ts";
import type { LiveLines } from "./terminal/live_view.ts";
import { inputLines, isCommand } from "./typed_text.ts";
import type { SecretBook } from "./secret_book.ts";
import { CancelledError, type LinkMock, ParleyError } from "../../mod.ts";
import { SessionRecording } from "./session_recording.ts";
import { showError } from "../show/error.ts";
import { suggestion } from "../suggestion.ts";
import { WebDoor } from "./web_door.ts";

/** What a {@linkcode Shell} is made of. */
export interface ShellParts {
  readonly evaluator: Pick<Evaluator, "evaluate" | "trimStack">;
  readonly book: LinkBook;
  readonly feed: EventFeed;
  readonly portWatch: PortWatch;
  readonly screen: ShellScreen;
  readonly secrets: SecretBook;
  readonly log: SessionLog;
  readonly interrupt: Interrupt;
  /** Where others may attach; absent where they may not. */
  readonly share?: SharePoint;
  /** The shell that began the session, of one who types elsewhere. */
  readonly host?: Shell;
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
  /** False for a statement whose value is not shown, as in a script. Default true. */
  show?: boolean;
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
  /** The file that everything that is seen goes to, while there is one. */
  readonly log: SessionLog;
  /** Ctrl-C, for commands that take their time. */
  readonly interrupt: Interrupt;
  readonly leave: () => void;
  /** Hides secrets in what is written to files and to other programs; what is printed is masked already. */
  readonly secrets: SecretBook;
  /** What `.record` writes. */
  readonly recording: SessionRecording;
  /** The recordings that stand in for devices, by `.replay`. */
  readonly mocks: Set<LinkMock>;
  /** The web view, while there is one. */
  readonly web: WebDoor;
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
    this.share = parts.share;
    this.book = parts.book;
    this.feed = parts.feed;
    this.portWatch = parts.portWatch;
    this.log = parts.log;
    this.interrupt = parts.interrupt;
    this.leave = parts.leave;
    this.secrets = parts.secrets;
    const { host } = parts;
    this.#inputs = host === undefined ? [] : host.#inputs;
    this.recording = host?.recording ?? new SessionRecording(this);
    this.mocks = host?.mocks ?? new Set();
    this.web = host?.web ?? new WebDoor(parts.book, parts.secrets);
    this.#evaluator = parts.evaluator;
    this.#screen = parts.screen;
    this.#onInput = parts.onInput;
    this.#history = parts.history;
  }

  /** Another shell over the same session, for somebody who types elsewhere. What succeeds there is saved here as well. */
  beside(own: OwnParts): Shell {
    const { evaluator, book, portWatch, secrets, log } = this.#parts;
    const { interrupt } = own;
    const beside: ShellParts["evaluator"] = {
      evaluate: (source, options) => evaluator.evaluate(source, { ...options, interrupt }),
      trimStack: (error) => evaluator.trimStack(error),
    };
    return new Shell({ ...own, book, portWatch, secrets, log, evaluator: beside, host: this });
  }

  /** What was typed, oldest first. */
  get history(): readonly string[] {
    return this.#history();
  }

  /** The inputs that succeeded. */
  get inputs(): readonly SavedInput[] {
    return this.#inputs;
  }

  /** How many inputs failed that were no commands. */
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

  /** Asks something that is answered by yes or no; `undefined` where there is nobody to ask. */
  get confirm(): ((question: string) => Promise<boolean>) | undefined {
    return this.#screen.confirm;
  }

  /** Shows a statement that is about to be evaluated without having been typed. */
  echo(source: string): void {
    this.#screen.notice(inputLines(source));
  }

  /** Does one input. Resolves to whether it succeeded; never rejects. */
  async input(text: string): Promise<boolean> {
    if (text.trim() === "") return true;
    // Not with a space in front, as for the history. What others type is told by who they are.
    const isLogged = !text.startsWith(" ") && this.#parts.host === undefined;
    if (isLogged) this.log.lazily(() => inputLines(text));
    this.#onInput?.(text);
    const question = questionOf(text);
    if (question !== undefined) return await this.#command(`.help ${question}`);
    return isCommand(text) ? await this.#command(text.trim()) : await this.evaluate(text);
  }

  /** Evaluates code and shows its value or its error. */
  async evaluate(source: string, options: EvaluateOptions = {}): Promise<boolean> {
    const { turns } = this.#parts.host === undefined ? this.book : { turns: undefined }; // theirs come in between
    turns?.begin(Date.now());
    const outcome = await this.#evaluator.evaluate(source, { folder: options.folder });
    const isSaved = outcome.ok && options.remember !== false;
    turns?.end(isSaved ? this.#inputs.length : undefined, Date.now());
    const roundTrip = this.#parts.host === undefined ? roundTripText(this.book.inputEnded()) : undefined;
    if (!outcome.ok) this.feed.withdraw(outcome.error);
    this.feed.flush(); // what happened meanwhile stands before what came of it
    if (!outcome.ok) {
      this.failed(outcome.error, outcome.kind);
      this.#hint(hintForError(source, outcome.error));
      return false;
    }
    const printed = outcome.isExpression && outcome.value !== undefined && options.show !== false;
    if (isSaved) this.#inputs.push({ source, printed });
    if (printed) {
      this.#screen.result(outcome.value, roundTrip);
      this.#hint(hintForValue(outcome.value));
    }
    return true;
  }

  /** Shows why something failed, and returns false. */
  failed(error: unknown, kind: "syntax" | "runtime" | "interrupted" | "command"): false {
    if (kind !== "command") this.#failures++;
    if (this.#exitCode === 0) this.#exitCode = exitCodeOf(error);
    this.#screen.failure(this.#explain(error, kind), error);
    return false;
  }

  #hint(hint: string | undefined): void {
    if (hint === undefined) return;
    if (this.#screen.hint !== undefined) this.#screen.hint(hint);
    else this.#screen.notice(hint);
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
        const meant = hintForCommand(name) || near || "; .help lists all of them";
        throw new CommandError(`No command ".${name}"${meant}`);
      }
      await command.run(rest.trim(), this);
      return true;
    } catch (error) {
      return this.failed(error, error instanceof Interrupted ? "interrupted" : "command");
    } finally {
      if (this.#parts.host === undefined) this.book.inputEnded();
    }
  }
}
