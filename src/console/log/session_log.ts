import { escapeText } from "../../show/escape.ts";
import type { TimedEvent } from "../feed_event.ts";
import { RotatingFile, type RotationOptions } from "./rotating_file.ts";

/** What a {@linkcode SessionLog} works with. */
export interface SessionLogOptions {
  /** Hands over everything that happens while there is a log. Gives what ends that. */
  tap(tap: (event: TimedEvent) => void): () => void;
  /** An event as it stands in the log. */
  line(event: TimedEvent): string;
  /** Hides what must not be written down. */
  mask(text: string): string;
  /** Something is to be told about the log itself. */
  onNote(text: string): void;
}

/**
 * Everything that is seen in a session, in a file: what is typed, what comes of it, and all that happens on the links,
 * also what is too much for the screen. Lines gather for a moment; no more than a thousand are kept.
 */
export class SessionLog {
  readonly #options: SessionLogOptions;
  #file: RotatingFile | undefined;
  #untap: (() => void) | undefined;
  #events: TimedEvent[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #hasToldLoss = false;

  constructor(options: SessionLogOptions) {
    this.#options = options;
  }

  /** The file, while there is one. */
  get path(): string | undefined {
    return this.#file?.path;
  }

  /** Begins a log, or goes on with another file. @throws it cannot be written. */
  start(path: string, rotation: RotationOptions): void {
    const file = new RotatingFile(path, rotation);
    this.stop();
    this.#file = file;
    this.#hasToldLoss = false;
    this.#append(header());
    this.#untap = this.#options.tap((event) => this.#event(event));
  }

  /** Ends the log; what waits is written before. */
  stop(): void {
    this.#flush();
    this.#end();
  }

  /** Lines that are shown and are no events. */
  text(text: string): void {
    if (this.#file === undefined) return;
    this.#flush();
    this.#append(`${plain(text)}\n`);
  }

  /** The same, for what costs something to make. */
  lazily(text: () => string): void {
    if (this.#file !== undefined) this.text(text());
  }

  #event(event: TimedEvent): void {
    this.#events.push(event);
    if (this.#events.length >= MAX_EVENTS) this.#flush();
    else this.#timer ??= setTimeout(() => this.#flush(), GATHER_MS);
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const events = this.#events;
    this.#events = [];
    if (events.length > 0) this.#append(`${plain(events.map(this.#options.line).join("\n"))}\n`);
  }

  #append(text: string): void {
    const file = this.#file;
    if (file === undefined) return;
    try {
      if (file.append(new TextEncoder().encode(this.#options.mask(text)))) {
        file.append(new TextEncoder().encode(header()));
      }
      if (file.lost > 0 && !this.#hasToldLoss) {
        this.#hasToldLoss = true;
        this.#options.onNote(
          `the oldest part of the log ${escapeText(file.path)} is gone: keep=, size= keep more`,
        );
      }
    } catch (error) {
      this.#end();
      this.#options.onNote(
        `! the log ${escapeText(file.path)} has ended: ${escapeText((error as Error).message)}`,
      );
    }
  }

  #end(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#events = [];
    this.#untap?.();
    try {
      this.#file?.close();
    } catch {
      // it could not be opened again when it was full: that has been told
    }
    this.#untap = this.#file = undefined;
  }
}

/** Lines have the time of day alone. */
function header(): string {
  return `# parley log, ${new Date().toISOString()}\n`;
}

// deno-lint-ignore no-control-regex
const COLOURS = /\x1b\[[\d;]*m/g;

function plain(text: string): string {
  return escapeText(text.replace(COLOURS, ""), { keepNewlines: true });
}

/** Events that wait to be written. */
const MAX_EVENTS = 1000;
/** How long, in milliseconds: soon enough for whoever looks on with `tail -f`. */
const GATHER_MS = 100;
