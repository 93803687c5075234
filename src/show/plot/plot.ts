import { UsageTypeError } from "../../errors.ts";
import { escapeText } from "../escape.ts";
import { PlotBoard } from "./plot_board.ts";
import { planPlot, type PlotOptions, type PlotPick, type PlotPlan } from "./plot_options.ts";
import { PlotScreen } from "./plot_screen.ts";

/** What is plotted: a client, a peer's server, or whatever else tells of messages as they do. */
export interface Plottable {
  /** Adds callbacks; gives what takes them off. */
  // deno-lint-ignore no-explicit-any -- what comes is for the user's dialect to know
  use(callbacks: { onReceive?(message: any): unknown; onTraffic?(traffic: any): unknown }): () => void;
  /** Resolves when nothing more will come. */
  readonly closed: Promise<unknown>;
}

/** What the event `"parley:plot"` carries: a plot that wants to be shown. */
export interface PlotRequest {
  /** The plot as it is now, line by line; in colour only where that is asked for. */
  lines(colors?: boolean): readonly string[];
  /** It is looked at from now on; `redraw` is called when it has changed. Gives what ends that. */
  start(redraw: () => void): () => void;
  /** Resolves when there is nothing more to be shown. */
  readonly over: Promise<void>;
  /** Called by who shows it, with what resolves when nobody looks any more. */
  take(shown: Promise<void>): void;
}

/**
 * Plots numbers from the messages of a link as they come: a panel for each series, with its name, latest value and range.
 * Each function picks the number of one series out of a message; without one the message itself is the number. Text of a
 * number is a number. What gives none is counted, and told below the plot.
 *
 * In the console it stands in place of the line being typed until a key is pressed. In a script at a terminal it is drawn
 * there until the link closes or `signal` ends it. Where standard output is no terminal it is rows of CSV instead: the
 * milliseconds since the begin, and each series, with a heading.
 *
 * A program that wants to show it elsewhere listens to the global event `"parley:plot"`.
 *
 * @param args Up to 8 functions, and options behind them: see {@linkcode PlotOptions}.
 * @returns When it has ended.
 * @throws {UsageTypeError} {@linkcode UsageRangeError} code `usage`: an argument is wrong.
 *
 * @example
 * ```ts
 * import { connect, listen, plot } from "@parley/parley";
 *
 * await using server = await listen("memory://motor");
 * await using motor = await connect("memory://motor");
 * const plotted = plot(motor, (m) => m.rpm, (m) => m.temp, { seconds: 30, names: ["rpm", "°C"] });
 * await server.broadcast({ rpm: 2950, temp: 41.5 });
 * await motor.close();
 * await plotted;
 * ```
 */
export async function plot(
  link: Plottable,
  ...args: [...picks: PlotPick[], options: PlotOptions] | PlotPick[]
): Promise<void> {
  if (typeof link?.use !== "function") {
    throw new UsageTypeError(
      `Cannot plot ${String(link)}: a link is wanted, such as plot(link, (m) => m.rpm)`,
    );
  }
  const plan = planPlot(args);
  const board = new PlotBoard(plan);
  const startMs = performance.now();
  const { promise: over, resolve: end } = Promise.withResolvers<void>();
  const request = { ...boardLines(board), over };
  const show = taker(request) ?? ownScreen(request, board, plan, startMs);
  const untap = link.use(watching(plan, (message) => show.add(message)));
  const { signal } = plan.options;
  signal?.addEventListener("abort", () => end());
  if (signal?.aborted) end();
  link.closed.then(() => end());
  try {
    await Promise.race([over, show.ended]);
  } finally {
    untap();
    end();
    await show.close();
  }

  /** Whoever listens for it. */
  function taker(request: Omit<PlotRequest, "take">): Shown | undefined {
    let shown: Promise<void> | undefined;
    const detail: PlotRequest = { ...request, take: (promise) => shown = promise };
    globalThis.dispatchEvent(new CustomEvent("parley:plot", { detail }));
    if (shown === undefined) return undefined;
    const ended = shown;
    return { add: (message) => board.add(message, performance.now()), ended, close: () => ended };
  }
}

/** Where a plot goes. */
interface Shown {
  add(message: unknown): void;
  /** Resolves when nobody looks any more. */
  readonly ended: Promise<void>;
  close(): Promise<void> | void;
}

function watching(plan: PlotPlan, add: (message: unknown) => void): Parameters<Plottable["use"]>[0] {
  const { action } = plan.options;
  if (action === undefined) return { onReceive: add };
  return {
    onTraffic: (traffic) => {
      const { direction, kind, name, args } = traffic;
      if (direction === "in" && kind === "action" && name === action) add(args[0]);
    },
  };
}

function boardLines(board: PlotBoard): Pick<PlotRequest, "lines" | "start"> {
  return {
    lines: (colors = false) => board.lines(performance.now(), { ...PlotScreen.room(), colors }),
    start: (redraw) => {
      const timer = setInterval(redraw, REDRAW_MS);
      return () => clearInterval(timer);
    },
  };
}

function ownScreen(
  request: Omit<PlotRequest, "take">,
  board: PlotBoard,
  plan: PlotPlan,
  startMs: number,
): Shown {
  if (PlotScreen.isThere()) {
    const screen = new PlotScreen(() => request.lines(!Deno.noColor));
    const stop = request.start(() => screen.draw());
    const close = () => {
      stop();
      screen.draw();
    };
    return { add: (message) => board.add(message, performance.now()), ended: new Promise(() => {}), close };
  }
  const { promise: ended, resolve } = Promise.withResolvers<void>();
  const write = (cells: readonly string[]) => PlotScreen.write(`${cells.join(",")}\n`) || resolve();
  write(["ms", ...plan.picks.map(({ name }) => csvCell(name))]);
  return {
    ended,
    close: () => {},
    add: (message) => {
      const now = performance.now();
      const numbers = board.add(message, now);
      if (numbers.every((number) => number === undefined)) return;
      write([
        (now - startMs).toFixed(1),
        ...numbers.map((number) => number === undefined ? "" : String(number)),
      ]);
    },
  };
}

function csvCell(text: string): string {
  const escaped = escapeText(text);
  return /[",]/.test(escaped) ? `"${escaped.replaceAll('"', '""')}"` : escaped;
}

/** Between two pictures, in milliseconds: smooth enough, and cheap. */
const REDRAW_MS = 250;
