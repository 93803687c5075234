import * as parley from "../../mod.ts";
import { Evaluator } from "./evaluator/evaluator.ts";
import { commandCompletion } from "./command_completion.ts";
import { complete } from "./evaluator/complete.ts";
import { clockTime, eventLine } from "./event_line.ts";
import { EventFeed, type TimedEvent } from "./event_feed.ts";
import { type Interrupt, Interrupted } from "./evaluator/interrupt.ts";
import { LinkBook } from "./link_book.ts";
import { LiveAnswers } from "./live_answers.ts";
import { SharePoint } from "./share/share_point.ts";
import { PortWatch } from "./port_watch.ts";
import { Shell, type ShellScreen } from "./shell.ts";
import { showError } from "../show/error.ts";
import { PACKAGE_NAME } from "../version.ts";

/** What a {@linkcode ConsoleWorld} needs of the program around it. */
export interface WorldOptions {
  readonly interrupt: Interrupt;
  readonly colors: boolean;
  readonly screen: ShellScreen;
  /** Shows lines that may be counted instead of shown when there are too many. */
  print(text: string): void;
  /** True when answers of many peers are shown as they come. Default false. */
  readonly showsAnswers?: boolean;
  /** False when events are not shown at all. Default true. */
  readonly events?: boolean;
  history(): readonly string[];
  leave(): void;
}

/**
 * Everything a console session consists of but its terminal: the evaluator with Parley's names, the links, their
 * events, and the shell over them. Errors that nobody caught are shown and end nothing.
 */
export class ConsoleWorld {
  readonly shell: Shell;
  readonly book: LinkBook;
  readonly feed: EventFeed;
  /** Where others may attach. */
  readonly share: SharePoint;
  readonly #portWatch: PortWatch;
  readonly #answers: LiveAnswers | undefined;
  readonly #evaluator: Evaluator;
  readonly #interrupt: Interrupt;
  readonly #print: (text: string) => void;

  constructor(options: WorldOptions) {
    const { colors, print, screen, interrupt, history, leave } = options;
    this.#print = print;
    this.#interrupt = interrupt;
    const placeOf = (error: Error) => this.#evaluator.placeOf(error);
    const eventText = (event: TimedEvent, colors: boolean) =>
      eventLine(event, { name: this.book.nameOf(event.link), colors, placeOf });
    this.feed = new EventFeed((events, skipped) => {
      if (options.events === false) return;
      print(events.map((event) => eventText(event, colors)).join("\n"));
      if (skipped > 0) print(`… ${skipped.toLocaleString("en-US")} more events not shown`);
    });
    this.book = new LinkBook(this.feed, interrupt, {
      detached: (make) => this.#evaluator.detached(make),
      stopSignal: () => this.#evaluator.stopSignal,
    });
    const exports = { ...parley, ...this.book.makers };
    this.#evaluator = new Evaluator({
      interrupt,
      globals: exports,
      modules: { [new URL("../../mod.ts", import.meta.url).href]: exports, [PACKAGE_NAME]: exports },
    });
    this.#portWatch = new PortWatch({
      onChange: ({ sign, port }) => print(`${clockTime(new Date())} ${sign} ${parley.describePort(port)}`),
      onFail: (error) => print(`${clockTime(new Date())} ! ${showError(error, false)}`),
    });
    if (options.showsAnswers === true) {
      this.#answers = new LiveAnswers({
        printer: () => {
          const { seat } = this.share;
          return seat === undefined ? { colors, print: (text) => screen.notice(text) } : seat.printer;
        },
        stopSignal: () => this.#evaluator.stopSignal,
      });
    }
    this.share = new SharePoint({
      shell: () => this.shell,
      interrupt,
      eventText,
      withoutShown: (screen) => this.#answers?.around(screen) ?? screen,
      complete: (text, cursor, shell) =>
        commandCompletion(text, cursor, shell) ??
          complete(text, cursor, { commands: shell.commands.map(({ name }) => `.${name}`) }),
      print,
    });
    this.shell = new Shell({
      evaluator: this.#evaluator,
      book: this.book,
      feed: this.feed,
      portWatch: this.#portWatch,
      screen: this.#answers?.around(screen) ?? screen,
      share: this.share,
      onInput: (text) => {
        this.#answers?.forget();
        this.share.typed(text);
      },
      history,
      leave,
    });
    globalThis.addEventListener("unhandledrejection", this.#onRejection);
    globalThis.addEventListener("error", this.#onError);
    globalThis.addEventListener("parley:fail", this.#onFail);
  }

  /** Closes all links, clients first, and gives the global names back. Resolves with the names of the links. */
  async close(): Promise<string[]> {
    await this.share.close();
    this.#portWatch.stop();
    this.#answers?.close();
    const closed = await this.book.closeAll();
    this.feed.flush();
    this.#evaluator.dispose();
    globalThis.removeEventListener("unhandledrejection", this.#onRejection);
    globalThis.removeEventListener("error", this.#onError);
    globalThis.removeEventListener("parley:fail", this.#onFail);
    return closed;
  }

  readonly #onRejection = (event: PromiseRejectionEvent): void => {
    event.preventDefault();
    this.#uncaught("Not awaited, and failed", event.reason);
  };

  readonly #onError = (event: ErrorEvent): void => {
    event.preventDefault();
    this.#uncaught("Uncaught", event.error);
  };

  /** A link that was not made at the prompt, such as one of a script that was run, has no `onFail`. */
  readonly #onFail = (event: Event): void => {
    const { error, peer } = (event as CustomEvent<{ error: Error; peer?: parley.Peer }>).detail;
    this.#print(`${peer?.address ?? "link"} ! ${showError(error, false)}`);
  };

  #uncaught(how: string, error: unknown): void {
    if (!(error instanceof Interrupted)) return this.#print(`${how}: ${this.#evaluator.trimStack(error)}`);
    this.#interrupt.clear(); // Ctrl-C has found what it was meant for
    this.#print(`Callback stopped (${this.#evaluator.placeOf(error) ?? "not typed here"})`);
  }
}
