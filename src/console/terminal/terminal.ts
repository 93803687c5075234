/**
 * The console's terminal: one input after another is read from it, and text is printed above the one being typed.
 *
 * @module
 */

import { DumbView } from "./dumb_view.ts";
import { EnterDecision } from "./enter_decision.ts";
import { Keyboard } from "./keyboard.ts";
import { LineEditor } from "./line_editor.ts";
import { type ScreenSize, screenSize, USUAL_SIZE } from "../../show/screen_size.ts";
import type { TypedLine } from "./line_layout.ts";
import type { LineView } from "./line_view.ts";
import { type LiveLines, LiveView } from "./live_view.ts";
import { PasteMode } from "./paste_mode.ts";
import { Questions } from "./questions.ts";
import { ScreenView } from "./screen_view.ts";
import { suspendGroup } from "./suspend.ts";
import { TabCompletion } from "./tab_completion.ts";
import { ignoreHangUp, watchTerminal } from "./terminal_modes.ts";
import type { TerminalEnd, TerminalOptions } from "./terminal_options.ts";
import { type TypedEvent, TypedInput } from "./typed_input.ts";

export type { Candidate, Completion } from "./completion.ts";
export type { LiveLines } from "./live_view.ts";
export type { TerminalEnd, TerminalOptions } from "./terminal_options.ts";

/** An evaluation that goes on for so long after Ctrl-D is one that the user has to be told how to end. */
const leaveHintMs = 300;

/** How long to wait for a stop signal that the system ignores, as it does when there is no shell to go back to. */
const suspendGraceMs = 50;

/**
 * A terminal on standard input and output. Nothing happens to it before {@linkcode start} or the first
 * {@linkcode readInput}; from then on it is in raw mode until {@linkcode close} or the end of the process.
 *
 * `TERM=dumb` gets no escape sequence at all. The terminal itself never writes a colour.
 */
export class Terminal implements Disposable {
  readonly #options: TerminalOptions;
  readonly #editor: LineEditor;
  readonly #keyboard: Keyboard;
  readonly #typed = new TypedInput();
  readonly #completion: TabCompletion;
  /** They stand in place of the line being typed. */
  readonly #modals: Questions;
  readonly #dumb: boolean;
  readonly #view: LineView;
  readonly #enter: EnterDecision;
  readonly #pasteMode: PasteMode;
  #reader: ((input: string | null) => void) | undefined;
  /** Ctrl-C pressed before this input was asked for: meant for the evaluation that has ended since. */
  #lateInterrupts = 0;
  #stopWatching: (() => void) | undefined;
  #suspendTimer: ReturnType<typeof setTimeout> | undefined;
  #leaveTimer: ReturnType<typeof setTimeout> | undefined;
  /** A line that stands where the line being typed would be, while none is. */
  #status: string | undefined;
  #suspended = false;
  #ended = false;

  /** A terminal at rest. */
  constructor(options: TerminalOptions = {}) {
    this.#options = options;
    const { prompt = "> ", history } = options;
    this.#editor = new LineEditor({
      prompt: typeof prompt === "string" ? () => prompt : prompt,
      continuationPrompt: options.continuationPrompt ?? "… ",
      entries: () => history?.entries ?? [],
    });
    this.#dumb = Deno.env.get("TERM") === "dumb";
    this.#enter = new EnterDecision((text) => options.isComplete?.(text) ?? true);
    this.#pasteMode = new PasteMode((text) => this.#dumb || this.#write(text));
    // The terminal of VS Code leaves it to shells to wrap their line anew.
    const wrapsCursorLine = Deno.env.get("TERM_PROGRAM") !== "vscode";
    this.#view = this.#dumb ? new DumbView() : new ScreenView({ wrapsCursorLine });
    this.#completion = new TabCompletion({
      editor: this.#editor,
      complete: options.complete,
      // Where nothing can be written over, a list is text like any other.
      onList: () => this.#dumb && this.print(this.#completion.rows(this.size).join("\n")),
      onLate: () => this.#draw(),
    });
    this.#modals = new Questions({
      onChange: () => this.#draw(),
      onAnswer: (result) => {
        this.#write(`${this.#view.erase(this.size)}${result.replaceAll("\n", "\r\n")}\r\n`);
        this.#draw();
        this.#advance();
      },
    });
    this.#keyboard = new Keyboard({
      // Deno, unless it is run with --quiet, wipes the row of the cursor whenever it loads a module, the Worker's too.
      onReady: () => this.#draw(),
      onText: (text) => this.#receive(text),
      onInterrupt: () => this.#interrupt(),
      onEnd: () => this.#end("hang-up"),
    });
  }

  /** Becomes 1 at Ctrl-C, even while this thread is busy. Whoever acts on it in `onInterrupt` sets it back to 0. */
  get stopFlag(): Int32Array<SharedArrayBuffer> {
    return this.#keyboard.stopFlag;
  }

  /** The size of the terminal at this moment; 80 × 24 when it does not say. */
  get size(): ScreenSize {
    return screenSize() ?? USUAL_SIZE;
  }

  /** Take the terminal over: raw mode, bracketed paste, signals. Called by {@linkcode readInput} when it was not. */
  start(): void {
    if (this.#stopWatching !== undefined || this.#ended) return;
    this.#stopWatching = watchTerminal({
      onResize: () => this.#draw(),
      onContinue: () => this.#resume(),
      onInterrupt: () => this.#interrupt(),
      onHangUp: () => this.#end("hang-up"),
      onTerminate: () => this.#end("SIGTERM"),
      onExit: () => this.#release(),
      onFatal: () => this.#stepAside(),
    });
    this.#keyboard.setRaw(true);
    this.#pasteMode.set(true);
    this.#draw(); // before the Worker starts: the prompt is what the user waits for
    this.#keyboard.start();
  }

  /**
   * Read one whole input: its lines joined with `\n`. Null after Ctrl-D on an empty line, after a hang-up and after
   * {@linkcode close}. Keys typed before the call count.
   *
   * @throws {TypeError} when another input is being read.
   */
  readInput(): Promise<string | null> {
    if (this.#reader !== undefined) throw new TypeError("Cannot read two inputs at once: await the first");
    if (this.#ended) return Promise.resolve(null);
    const input = new Promise<string | null>((resolve) => this.#reader = resolve);
    this.#lateInterrupts = this.#keyboard.interruptsUnderWay;
    if (this.#stopWatching === undefined) this.start();
    else this.#draw();
    this.#advance();
    return input;
  }

  /**
   * Ask which of these it is to be, with the arrow keys, in place of the line being typed. Resolves with its index, and
   * with null when it is none of them: at Esc, Ctrl-C, and when the terminal is gone.
   */
  choose(question: string, options: readonly string[]): Promise<number | null> {
    return this.#modals.ask(question, options);
  }

  /** Ask something that is answered by `y` or `n`. Anything else, and the end of the terminal, means no. */
  confirm(question: string): Promise<boolean> {
    return this.#modals.confirm(question);
  }

  /** Ask for a text that is not shown. Resolves with `undefined` when it is not given. */
  askSecret(question: string): Promise<string | undefined> {
    return this.#modals.askSecret(question);
  }

  /** False where nothing that was written can be written over: then {@linkcode showLive} shows nothing that changes. */
  get isLive(): boolean {
    return !this.#dumb;
  }

  /**
   * Show lines that change, in place of the line being typed, until any key is pressed; as they are then they stay.
   * Resolves when they do not change any more.
   */
  async showLive(lines: LiveLines): Promise<void> {
    await this.#modals.show(new LiveView(lines, () => this.size));
  }

  /**
   * Show one line, without anything to escape, for as long as no input is read: below all that is printed, such as how
   * far something has come. `undefined` takes it off. Shows nothing where nothing can be written over.
   */
  showStatus(line: string | undefined): void {
    if (this.#dumb || this.#ended || line === this.#status) return;
    this.#status = line;
    if (this.#drawing) this.#draw();
    else this.#write(this.#view.erase(this.size));
  }

  /** True while the terminal takes less than is printed: what can be left out should be. */
  get isBehind(): boolean {
    return this.#keyboard.isBehind;
  }

  /** Draw the line again: something that is not of this terminal may have written over it. */
  redraw(): void {
    this.#draw();
  }

  /** Print text, whole lines, above the line being typed. What it holds is written as it is. */
  print(text: string): void {
    const lines = text.endsWith("\n") ? text.slice(0, -1) : text;
    const whole = `${lines.replaceAll(/\r?\n/g, "\r\n")}\r\n`;
    if (!this.#drawing) this.#write(whole);
    else this.#write(this.#view.erase(this.size) + whole + this.#view.draw(this.#line, this.size));
  }

  /** Give the terminal back as it was. A pending {@linkcode readInput} gives null. Does nothing the second time. */
  close(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#modals.close();
    if (this.#reader !== undefined) this.#write(this.#view.finish(this.#editor.line, "", this.size));
    this.#release();
    this.#settle(null);
  }

  /** The same as {@linkcode close}. */
  [Symbol.dispose](): void {
    this.close();
  }

  #receive(text: string): void {
    const own = this.#modals.feed(text);
    if (own === "") return;
    // Ctrl-Z cannot wait until an evaluation has ended that may never end.
    if (own === "\x1a" && this.#reader === undefined) return this.#suspend();
    this.#typed.feed(own);
    if (this.#leavesLater) {
      clearTimeout(this.#leaveTimer);
      this.#leaveTimer = setTimeout(() => {
        if (this.#leavesLater) this.print("(leaves when this has ended; Ctrl-C stops it)");
      }, leaveHintMs);
    }
    this.#advance();
  }

  /** Ctrl-D was pressed while an input is evaluated. */
  get #leavesLater(): boolean {
    return this.#reader === undefined && !this.#ended && this.#typed.leaves;
  }

  /** Act on what was typed, as long as somebody reads, then draw once. */
  #advance(): void {
    // What was typed before a Ctrl-C that is still on its way will be forgotten when it arrives.
    if (!this.#reading || this.#lateInterrupts > 0 || this.#typed.empty) return;
    while (this.#reading && !this.#enter.isPending) {
      const event = this.#typed.take();
      if (event === undefined) break;
      this.#act(event);
    }
    this.#draw();
  }

  #act(event: TypedEvent): void {
    if (!("name" in event && event.name === "tab")) this.#completion.forget();
    if ("paste" in event) return this.#editor.insert(event.paste);
    if ("tooLongChars" in event) {
      return this.print(
        `Paste of ${event.tooLongChars.toLocaleString("en-US")} chars is too long, nothing was taken`,
      );
    }
    switch (this.#editor.press(event)) {
      case "edited":
        return;
      case "submit":
        return this.#submit();
      case "leave":
        return this.#finish(null);
      case "complete":
        return this.#completion.press();
      case "clearScreen":
        return this.#write(this.#view.clear());
      case "suspend":
        return this.#suspend();
    }
  }

  #submit(): void {
    const { text } = this.#editor;
    const decide = (isComplete: boolean) => {
      if (isComplete) this.#finish(text);
      else this.#editor.insert("\n");
    };
    this.#enter.ask(text, decide, () => {
      this.#draw();
      this.#advance();
    });
  }

  #finish(input: string | null): void {
    this.#write(this.#view.finish(this.#editor.line, "", this.size));
    this.#editor.reset();
    if (input !== null) this.#options.history?.add(input);
    this.#settle(input);
  }

  #settle(input: string | null): void {
    const resolve = this.#reader;
    this.#completion.forget();
    this.#reader = undefined;
    this.#enter.forget();
    resolve?.(input);
  }

  /** Ctrl-C. Like a terminal in cooked mode it also forgets what was typed ahead, but for the wish to leave. */
  #interrupt(): void {
    const leaves = this.#leavesLater;
    const pasting = this.#typed.cancel();
    if (leaves) this.#typed.feed("\x04");
    this.#completion.forget();
    if (this.#modals.isOpen) {
      Atomics.store(this.stopFlag, 0, 0);
      return this.#modals.cancel();
    }
    if (this.#reader === undefined) {
      this.#options.onInterrupt?.();
      return;
    }
    // A callback was in a loop, has seen the flag and has answered it: this is old news.
    const answered = Atomics.exchange(this.stopFlag, 0, 0) === 0;
    if (answered) this.#lateInterrupts = Math.max(0, this.#lateInterrupts - 1);
    if (answered) return;
    if (this.#lateInterrupts > 0) {
      this.#lateInterrupts -= 1;
      return;
    }
    this.#enter.forget();
    if (this.#editor.cancelSearch()) return this.#draw();
    if (this.#editor.text !== "") {
      this.#write(this.#view.finish(this.#editor.line, "^C", this.size));
      this.#editor.reset();
      return this.#draw();
    }
    this.print(pasting ? "(paste cancelled)" : "(Ctrl-D to leave)");
  }

  #suspend(): void {
    if (Deno.build.os === "windows") return;
    this.#write(this.#view.erase(this.size));
    this.#suspended = true;
    this.#pasteMode.set(false);
    this.#keyboard.flush();
    this.#keyboard.setRaw(false);
    suspendGroup();
    this.#suspendTimer = setTimeout(() => this.#resume(), suspendGraceMs);
  }

  #resume(): void {
    clearTimeout(this.#suspendTimer);
    if (this.#ended) return;
    this.#suspended = false;
    // The shell left its own modes behind, whatever we set before.
    this.#keyboard.setRaw(false);
    this.#keyboard.setRaw(true);
    this.#pasteMode.set(false);
    this.#pasteMode.set(true);
    this.#draw();
    this.#advance();
  }

  #end(reason: TerminalEnd): void {
    if (this.#ended) return;
    this.#ended = true;
    const reading = this.#reader !== undefined;
    if (reason === "hang-up") ignoreHangUp();
    this.#modals.close();
    if (reading && reason !== "hang-up") this.#write(this.#view.finish(this.#editor.line, "", this.size));
    this.#release();
    this.#settle(null);
    if (this.#options.onEnd !== undefined) this.#options.onEnd(reason);
    else if (!(reading && reason === "hang-up")) Deno.exit(reason === "hang-up" ? 129 : 143);
  }

  /** An error is about to end the process: leave the screen fit for its message, and come back if it does not. */
  #stepAside(): void {
    if (this.#reader !== undefined) this.#write(this.#view.finish(this.#editor.line, "", this.size));
    this.#pasteMode.set(false);
    this.#eraseStatus();
    this.#keyboard.flush();
    setTimeout(() => this.#resume(), 0);
  }

  #eraseStatus(): void {
    if (this.#status !== undefined && this.#reader === undefined) this.#write(this.#view.erase(this.size));
  }

  #release(): void {
    this.#eraseStatus();
    this.#status = undefined;
    clearTimeout(this.#suspendTimer);
    clearTimeout(this.#leaveTimer);
    this.#pasteMode.set(false);
    this.#stopWatching?.();
    this.#stopWatching = undefined;
    this.#keyboard.close();
  }

  /** Whether keys are for the line being typed. */
  get #reading(): boolean {
    return this.#drawing && this.#reader !== undefined && !this.#modals.isOpen;
  }

  /** Whether there is a line to be seen: an input is being read, a question asked or a status shown, and we are not stopped. */
  get #drawing(): boolean {
    const isThere = this.#reader !== undefined || this.#modals.isOpen || this.#status !== undefined;
    return isThere && this.#stopWatching !== undefined && !this.#suspended;
  }

  get #line(): TypedLine {
    if (this.#modals.line !== undefined) return this.#modals.line;
    if (this.#reader !== undefined || this.#status === undefined) {
      return { ...this.#editor.line, below: this.#completion.rows(this.size) };
    }
    return { prompt: "", continuationPrompt: "", text: this.#status, cursor: this.#status.length };
  }

  /** Drawn as soon as the screen shows what was written before: `onReady` tells. */
  #draw(): void {
    if (this.#drawing && !this.#keyboard.isBehind) this.#write(this.#view.draw(this.#line, this.size));
  }

  #write(text: string): void {
    this.#keyboard.write(text);
  }
}
