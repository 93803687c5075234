import type { CheckOutcome, Peer } from "../../../mod.ts";
import { checkLine } from "../../show/check_line.ts";
import { clip, escapeText } from "../../show/escape.ts";
import { red } from "../../show/paint.ts";
import { showValue } from "../../show/value.ts";
import { EventFeed, type FeedBatch } from "../event_feed.ts";
import type { TimedEvent } from "../feed_event.ts";
import type { Interrupt } from "../evaluator/interrupt.ts";
import { ExitCode } from "../exit_code.ts";
import { jsonText } from "../json_text.ts";
import type { Shell } from "../shell.ts";
import type { ShellScreen } from "../shell_screen.ts";
import { Completer } from "../completion/completer.ts";
import type { Completion } from "../terminal/completion.ts";
import { ViewSettings } from "../traffic/view_settings.ts";
import { inputLines } from "../typed_text.ts";
import { SeatOutbox } from "./seat_outbox.ts";
import { type Hello, type Item, MAX_TEXT_CHARS } from "./words.ts";

/** What a {@linkcode Seat} needs of the session that it is in. */
export interface SeatParts {
  /** What it is called, such as `attach-1`. */
  readonly name: string;
  readonly peer: Peer;
  readonly hello: Hello;
  /** What stops its inputs. */
  readonly interrupt: Interrupt;
  /** The shell of the console that is shared. */
  readonly host: Shell;
  /** Makes lines of events as these settings say. */
  linesFor(views: ViewSettings, colors: boolean): (event: TimedEvent) => string;
  /** The screen without tables of answers that were shown while they came. */
  withoutShown(screen: ShellScreen): ShellScreen;
  /** It is about to evaluate this. */
  typed(text: string): void;
}

/**
 * One that has attached: a shell of its own over the shared session, and what waits to be shown to it. What it types is
 * evaluated beside what others do, and only its own Ctrl-C stops it.
 */
export class Seat {
  readonly #parts: SeatParts;
  readonly #outbox = new SeatOutbox();
  readonly #line: (event: TimedEvent) => string;
  readonly #completer: Completer;
  readonly #interrupt: Interrupt;
  readonly #shell: Shell;
  readonly #feed: EventFeed;
  readonly #history: string[] = [];
  #stopFollowing: (() => void) | undefined;
  /** Resolves when the last input has ended; never rejects. */
  #turn: Promise<void> = Promise.resolve();
  #waiting = 0;
  /** A value of the input that runs was not sent: a program that waits for it is to know. */
  #hasLost = false;
  /** A check of the input that runs did not hold. */
  #hasFailedCheck = false;
  readonly #screen: ShellScreen;
  #hasLeft = false;
  #sending = false;

  constructor(parts: SeatParts) {
    this.#parts = parts;
    this.#interrupt = parts.interrupt;
    const views = new ViewSettings((link) => parts.host.book.nameOf(link));
    this.#line = parts.linesFor(views, parts.hello.colors);
    this.#feed = new EventFeed({ views, show: (batch) => this.#showEvents(batch) });
    const screen = this.#screen = this.#screenOf();
    this.#shell = parts.host.beside({
      interrupt: this.#interrupt,
      feed: this.#feed,
      screen: this.isPrompt ? parts.withoutShown(screen) : screen,
      history: () => this.#history,
      leave: () => this.#add({ kind: "leave" }),
    });
    this.#completer = new Completer(this.#shell);
    if (parts.hello.watch) this.#stopFollowing = parts.host.feed.follow(this.#feed);
  }

  get name(): string {
    return this.#parts.name;
  }

  get shell(): Shell {
    return this.#shell;
  }

  /** True for a person at a terminal, who wants to see what comes when it comes. */
  get isPrompt(): boolean {
    return this.#parts.hello.as === "prompt";
  }

  /** Prints lines between what its input shows; `undefined` for one that only wants values. */
  get printer(): { readonly colors: boolean; print(text: string): void } | undefined {
    const { colors } = this.#parts.hello;
    return this.isPrompt ? { colors, print: (text) => this.notice(text) } : undefined;
  }

  /** True while it does not read, so that lines for it are dropped. */
  get isBehind(): boolean {
    return this.#outbox.isFull;
  }

  /** Evaluates an input, when those before it have ended. */
  input(id: number, text: string): void {
    if (text.length > MAX_TEXT_CHARS || this.#waiting >= MAX_WAITING_INPUTS) {
      const why = text.length > MAX_TEXT_CHARS
        ? `${text.length} characters are too many, ${MAX_TEXT_CHARS} at most are taken`
        : `${this.#waiting} inputs wait already`;
      this.#add({ kind: "failure", text: `Nothing was evaluated: ${why}` });
      return this.#add({ kind: "done", id, ok: false, exitCode: ExitCode.ERROR });
    }
    this.#waiting++;
    this.#turn = this.#turn.then(() => this.#evaluate(id, text));
  }

  async #evaluate(id: number, text: string): Promise<void> {
    if (this.#hasLeft) return; // nobody is there any more to stop it
    if (this.#history.push(text) > MAX_HISTORY) this.#history.shift();
    this.#parts.typed(text);
    const ok = await this.#shell.input(text);
    this.#waiting--;
    this.#interrupt.clear();
    const exitCode = this.#hasLost
      ? ExitCode.ERROR
      : this.#shell.exitCode || (this.#hasFailedCheck ? ExitCode.ASSERTION : ExitCode.OK);
    this.#add({ kind: "done", id, ok: ok && !this.#hasLost && !this.#hasFailedCheck, exitCode });
    this.#hasLost = this.#hasFailedCheck = false;
  }

  /** Stops what it has running. */
  stop(): void {
    if (this.#waiting > 0) this.#interrupt.request();
  }

  /** What could be meant at the cursor of what it types. */
  complete(text: string, cursor: number): Completion | Promise<Completion> {
    return this.#completer.complete(text, cursor);
  }

  /** A line of somebody else's doing. */
  line(text: string): void {
    if (this.#parts.hello.watch) this.#add({ kind: "line", text });
  }

  /** A line that its own input has printed. */
  log(text: string): void {
    this.#add({ kind: "log", text });
  }

  /** A value that its own input has shown. */
  shown(value: unknown): void {
    this.#screen.result(value);
  }

  /** What became of a check of its own input: a value for a program that reads, whose exit code tells as well. */
  check(outcome: CheckOutcome): void {
    const { as, colors } = this.#parts.hello;
    if (!outcome.ok) this.#hasFailedCheck = true;
    if (as === "prompt") return this.notice(checkLine(outcome, colors));
    const text = as === "json" ? jsonText({ check: outcome }) : checkLine(outcome, false);
    this.#add({ kind: "result", text });
  }

  /** Something that it is told, and that is no value. */
  notice(text: string): void {
    this.#add({ kind: "notice", text });
  }

  /** It has gone: what it has running ends. */
  close(): void {
    this.#hasLeft = true;
    this.#stopFollowing?.();
    this.#parts.host.book.followFormats(); // nobody may want to see the bytes any more
    this.#feed.close();
    this.stop();
  }

  #screenOf(): ShellScreen {
    const { hello: { as, colors }, host: { secrets } } = this.#parts;
    const isJson = as === "json";
    return {
      result: (value) => {
        const text = isJson ? jsonText({ value }, secrets) : showValue(value, { colors });
        if (text.length <= MAX_TEXT_CHARS) return this.#add({ kind: "result", text });
        this.#hasLost = true;
        this.#add({ kind: "failure", text: tooLarge(text.length, isJson) });
      },
      failure: (text, error) =>
        this.#add({ kind: "failure", text: isJson ? jsonText({ error }, secrets) : red(text, colors) }),
      notice: (text) => this.notice(text),
    };
  }

  /** Nothing is made into text that does not fit: that is work which the host would have to do. */
  #showEvents({ events, skipped, notes }: FeedBatch): void {
    const shown = this.#outbox.isFull ? [] : events;
    if (shown.length > 0) this.line(shown.map(this.#line).join("\n"));
    for (const note of notes) this.line(note);
    const dropped = events.length - shown.length + skipped;
    if (dropped === 0) return;
    this.#outbox.drop(dropped);
    this.#wake();
  }

  /** Secrets stay in the console that asked for them: this leaves its process, and may land in the log of a CI job. */
  #add(item: Item): void {
    if (this.#hasLeft) return;
    const masked = "text" in item ? { ...item, text: this.#parts.host.secrets.mask(item.text) } : item;
    if (!this.#outbox.add(masked) && item.kind === "result") this.#hasLost = true;
    this.#wake();
  }

  #wake(): void {
    if (!this.#sending && !this.#hasLeft) void this.#send();
  }

  /** One message after another, each when the one before has left; what comes meanwhile gathers. */
  async #send(): Promise<void> {
    this.#sending = true;
    await Promise.resolve(); // what is said in one go leaves in one message
    try {
      for (let items = this.#outbox.take(); items.length > 0; items = this.#outbox.take()) {
        await this.#parts.peer.send(items);
      }
    } catch {
      // It has gone; whoever hears of that closes the seat.
    }
    this.#sending = false;
  }
}

/** What others type, as one reads it. @param text With its secrets masked: of one that is cut, nobody sees that it is one. */
export function typedLine(name: string, text: string): string {
  return inputLines(escapeText(clip(text, MAX_TYPED_CHARS), { keepNewlines: true }), `${name}>`);
}

function tooLarge(chars: number, isJson: boolean): string {
  const text =
    `The value has ${chars} characters when it is shown, and ${MAX_TEXT_CHARS} at most are sent; take a part`;
  return isJson ? jsonText({ error: new RangeError(text) }) : text;
}

/** Inputs that one may have sent before the first of them has ended. */
const MAX_WAITING_INPUTS = 64;
/** Inputs that `.history` shows. */
const MAX_HISTORY = 1000;
/** Of what others type, no more UTF-16 units are shown. */
const MAX_TYPED_CHARS = 2000;
