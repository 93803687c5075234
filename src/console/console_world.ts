import * as parley from "../../mod.ts";
import { Evaluator } from "./evaluator/evaluator.ts";
import { EventLines } from "./event_lines.ts";
import { clockTime } from "../show/stamps.ts";
import { EventFeed } from "./event_feed.ts";
import { loggedScreen } from "./log/logged_screen.ts";
import { SessionLog } from "./log/session_log.ts";
import { ViewSettings } from "./traffic/view_settings.ts";
import type { Interrupt } from "./evaluator/interrupt.ts";
import { LinkBook } from "./link_book.ts";
import { LiveAnswers } from "./live_answers.ts";
import { SharePoint } from "./share/share_point.ts";
import { PortWatch } from "./port_watch.ts";
import { printBatch } from "./print_batch.ts";
import { ScriptReport } from "./script_report.ts";
import type { SecretBook } from "./secret_book.ts";
import { Shell } from "./shell.ts";
import type { ShellScreen } from "./shell_screen.ts";
import { checkLine } from "../show/check_line.ts";
import { showError } from "../show/error.ts";
import { screenSize } from "../show/screen_size.ts";
import type { TransferBoard } from "./transfer_board.ts";
import { UncaughtErrors } from "./uncaught_errors.ts";
import { PACKAGE_NAME } from "../version.ts";

/** What a {@linkcode ConsoleWorld} needs of the program around it. */
export interface WorldOptions {
  readonly interrupt: Interrupt;
  readonly colors: boolean;
  readonly screen: ShellScreen;
  /** Shows lines that may be counted instead of shown when there are too many; `isRaw` with whatever is in them. */
  print(text: string, isRaw?: boolean): void;
  /** True when answers of many peers are shown as they come. Default false. */
  readonly showsAnswers?: boolean;
  /** False when events are not shown at all. Default true. */
  readonly events?: boolean;
  /** The secrets that are not to be seen in what is written. */
  readonly secrets: SecretBook;
  /** Shows how far files have come; absent where nothing can be written over. */
  readonly transfers?: TransferBoard;
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
  /** What was checked in this session. */
  readonly report: ScriptReport;
  readonly #secrets: SecretBook;
  /** The file that everything that is seen goes to, while there is one. */
  readonly log: SessionLog;
  /** Where others may attach. */
  readonly share: SharePoint;
  readonly #portWatch: PortWatch;
  readonly #answers: LiveAnswers | undefined;
  readonly #evaluator: Evaluator;
  readonly #uncaught: UncaughtErrors;
  readonly #print: (text: string) => void;

  constructor(options: WorldOptions) {
    const { colors, print, screen, interrupt, history, leave } = options;
    this.#print = (text) => {
      this.log.text(text);
      print(text);
    };
    this.#secrets = options.secrets;
    this.report = new ScriptReport({
      check: (outcome) => {
        this.feed.flush(); // what came stands before what was made of it
        this.log.text(checkLine(outcome, false));
        const { seat } = this.share;
        if (seat !== undefined) seat.check(outcome);
        else if (screen.check !== undefined) screen.check(outcome);
        else print(checkLine(outcome, colors));
      },
      show: (value) => {
        this.feed.flush();
        const { seat } = this.share;
        if (seat !== undefined) seat.shown(value);
        else seen.result(value);
      },
    });
    const views = new ViewSettings((link) => this.book.nameOf(link));
    const placeOf = (error: Error) => this.#evaluator.placeOf(error);
    const parts = { book: () => this.book, views, placeOf };
    const lines = new EventLines({ ...parts, colors, columns: () => screenSize()?.columns ?? Infinity });
    // Whoever has attached looks with settings of its own, and at nothing raw.
    const linesFor = (views: ViewSettings, colors: boolean) =>
      new EventLines({ ...parts, views, colors, isPlain: true }).line;
    this.feed = new EventFeed({
      views,
      show: (batch) => options.events === false || printBatch(batch, lines, this.log.path, print),
    });
    this.log = new SessionLog({
      tap: (tap) => this.feed.tap(tap),
      line: new EventLines({ ...parts, colors: false, isPlain: true }).line,
      mask: options.secrets.mask,
      onNote: print,
    });
    const seen = loggedScreen(screen, this.log);
    this.book = new LinkBook(this.feed, interrupt, {
      detached: (make) => this.#evaluator.detached(make),
      stopSignal: () => this.#evaluator.stopSignal,
      givesValue: () => this.#evaluator.givesValue,
      transfers: options.transfers,
    });
    const exports = { ...parley, ...this.book.makers };
    this.#evaluator = new Evaluator({
      interrupt,
      globals: exports,
      modules: { [new URL("../../mod.ts", import.meta.url).href]: exports, [PACKAGE_NAME]: exports },
    });
    this.#portWatch = new PortWatch({
      onChange: ({ sign, port }) =>
        this.#print(`${clockTime(new Date())} ${sign} ${parley.describePort(port)}`),
      onFail: (error) => this.#print(`${clockTime(new Date())} ! ${showError(error, false)}`),
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
      linesFor,
      withoutShown: (screen) => this.#answers?.around(screen) ?? screen,
      print: (text, isLogged = true) => isLogged ? this.#print(text) : print(text),
    });
    this.shell = new Shell({
      evaluator: this.#evaluator,
      book: this.book,
      feed: this.feed,
      portWatch: this.#portWatch,
      screen: this.#answers?.around(seen) ?? seen,
      secrets: options.secrets,
      log: this.log,
      interrupt,
      share: this.share,
      onInput: (text) => {
        this.#answers?.forget();
        this.share.typed(text);
      },
      history,
      leave,
    });
    this.report.listen();
    this.#secrets.listen();
    this.#uncaught = new UncaughtErrors({
      interrupt,
      evaluator: this.#evaluator,
      print: this.#print,
    });
  }

  /** Closes all links, clients first, and gives the global names back. Resolves with the names of the links. */
  async close(): Promise<string[]> {
    await this.share.close();
    this.#portWatch.stop();
    for (const mock of this.shell.mocks) mock.stop();
    await this.shell.web.close();
    this.#answers?.close();
    const closed = await this.book.closeAll();
    const recorded = await this.shell.recording.finish();
    if (recorded !== undefined) this.shell.print(recorded);
    this.feed.close();
    this.log.stop();
    this.#evaluator.dispose();
    this.report.close();
    this.#secrets.close();
    this.#uncaught.close();
    return closed;
  }
}
