import { screenSize, USUAL_SIZE } from "../../show/screen_size.ts";
import { watchTerminal } from "../../console/terminal/terminal_modes.ts";
import { Questions } from "../../console/terminal/questions.ts";
import { ScreenView } from "../../console/terminal/screen_view.ts";

/** What a {@linkcode MonitorScreen} reports. */
export interface MonitorScreenEvents {
  /** Keys were pressed; the bytes are good until the next call only. */
  onKeys(bytes: Uint8Array): void;
  /** The terminal is gone, or somebody asks the process to end. */
  onEnd(exitCode: number): void;
}

/** The terminal of a monitor: in raw mode until it is closed, so that every key is for the device. */
export class MonitorScreen implements Disposable {
  readonly #events: MonitorScreenEvents;
  readonly #view = new ScreenView();
  readonly #stopWatching: () => void;
  readonly #questions = new Questions({
    onChange: () => this.#draw(),
    onAnswer: (result) => this.write(`${this.#view.erase(screenSize() ?? USUAL_SIZE)}${result}\r\n`),
  });
  #isClosed = false;

  /** Takes the terminal over. */
  constructor(events: MonitorScreenEvents) {
    this.#events = events;
    Deno.stdin.setRaw(true);
    this.#stopWatching = watchTerminal({
      onResize: () => this.#draw(),
      onContinue: () => this.#raw(),
      onInterrupt: () => events.onEnd(130),
      onHangUp: () => events.onEnd(129),
      onTerminate: () => events.onEnd(143),
      onExit: () => this.close(),
      onFatal: () => this.close(),
    });
    void this.#read();
  }

  /** Writes to the terminal, at once. */
  write(text: string): void {
    if (text === "") return;
    const bytes = new TextEncoder().encode(text);
    try {
      for (let written = 0; written < bytes.length;) {
        written += Deno.stdout.writeSync(bytes.subarray(written));
      }
    } catch {
      // The terminal is gone. Reading says so as well, and that is where it is acted upon.
    }
  }

  /** Empties the screen. */
  clear(): void {
    this.write(Deno.env.get("TERM") === "dumb" ? "" : "\x1b[H\x1b[2J");
  }

  /** Asks with the arrow keys. Resolves with the index, or null for none. */
  choose(question: string, options: readonly string[]): Promise<number | null> {
    return this.#questions.ask(question, options);
  }

  /** Gives the terminal back. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#questions.close();
    this.#stopWatching();
    this.#setRaw(false);
  }

  /** The same as {@linkcode close}. */
  [Symbol.dispose](): void {
    this.close();
  }

  async #read(): Promise<void> {
    const buffer = new Uint8Array(16 * 1024);
    while (!this.#isClosed) {
      const length = await Deno.stdin.read(buffer).catch(() => null);
      if (this.#isClosed) return;
      if (length === null) return this.#events.onEnd(129);
      const bytes = buffer.subarray(0, length);
      if (this.#questions.line === undefined) this.#events.onKeys(bytes);
      else this.#questions.feed(new TextDecoder().decode(bytes));
    }
  }

  #draw(): void {
    const { line } = this.#questions;
    if (line !== undefined) this.write(this.#view.draw(line, screenSize() ?? USUAL_SIZE));
  }

  /** A shell has set its own mode while we were stopped. */
  #raw(): void {
    this.#setRaw(false);
    this.#setRaw(true);
    this.#draw();
  }

  #setRaw(on: boolean): void {
    try {
      Deno.stdin.setRaw(on);
    } catch {
      // A terminal that hung up has no mode any more.
    }
  }
}
