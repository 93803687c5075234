import { cutToWidth, textWidth } from "../cell_width.ts";
import { clip, escapeCell } from "../escape.ts";
import { showValue } from "../value.ts";
import type { PlotPlan } from "./plot_options.ts";
import { plotLines } from "./plot_view.ts";
import { TimeSeries } from "./time_series.ts";

/** The room for a plot, and how it looks there. */
export interface PlotRoom {
  readonly columns: number;
  readonly rows: number;
  readonly colors: boolean;
}

/** The numbers of a plot, and what to say of messages that gave none. Bounded. Pure: the time is passed in. */
export class PlotBoard {
  readonly #plan: PlotPlan;
  readonly #series: readonly TimeSeries[];
  #messages = 0;
  #empty = 0;
  /** The latest message that gave no number, and what was picked from it. */
  #lastEmpty: { readonly message: unknown; readonly picked: string } | undefined;

  constructor(plan: PlotPlan) {
    this.#plan = plan;
    this.#series = plan.picks.map(() => new TimeSeries(plan.options.seconds * 1000));
  }

  /** A message has come: gives the number that each series has got from it. */
  add(message: unknown, nowMs: number): (number | undefined)[] {
    this.#messages++;
    let picked = "";
    const numbers = this.#plan.picks.map(({ name, pick }, index) => {
      const value = pickedFrom(pick, message);
      const number = "thrown" in value ? undefined : numberOf(value.value);
      if (number !== undefined) this.#series[index].add(number, nowMs);
      else if (picked === "") picked = `${escapeCell(name)} ${outcome(value)}`;
      return number;
    });
    if (numbers.every((number) => number === undefined)) {
      this.#empty++;
      this.#lastEmpty = { message, picked };
    }
    return numbers;
  }

  /** The plot as it is now, and what is to be said of it. */
  lines(nowMs: number, { columns, rows, colors }: PlotRoom): string[] {
    const notes = this.#notes(columns);
    if (this.#messages === this.#empty) return notes;
    const series = this.#plan.picks.map(({ name }, index) => ({ name, values: this.#series[index] }));
    const { seconds, min, max } = this.#plan.options;
    const room = { columns, rows: rows - notes.length, colors };
    return [...plotLines({ series, windowMs: seconds * 1000, nowMs, min, max, ...room }), ...notes];
  }

  #notes(columns: number): string[] {
    if (this.#messages === 0) return ["Waiting for messages."];
    if (this.#lastEmpty === undefined) return [];
    const { message, picked } = this.#lastEmpty;
    const count = (value: number) => value.toLocaleString("en-US");
    const shown = clip(showValue(message).replace(/\s*\n\s*/g, " "), Math.max(MIN_SHOWN_CHARS, columns));
    const what = `${count(this.#empty)} of ${count(this.#messages)} messages gave no number`;
    if (this.#empty < this.#messages || this.#messages < CERTAIN) return [`${what}; the latest: ${shown}`];
    // One line that ends with what to do: where there is little room, what came is cut rather than that.
    const isText = typeof message === "string" || message instanceof Uint8Array;
    const next = `${picked}; pick one, as in ${isText ? '(m) => m.split(",")[1]' : "(m) => m.rpm"}`;
    const room = Math.max(LEAST_SHOWN_CHARS, columns - textWidth(`No number in : ${next}`) - 1);
    return [`No number in ${cutToWidth(shown, room)}: ${next}`];
  }
}

type Picked = { readonly value: unknown } | { readonly thrown: unknown };

function pickedFrom(pick: PlotPlan["picks"][number]["pick"], message: unknown): Picked {
  try {
    return { value: pick(message) };
  } catch (thrown) {
    return { thrown };
  }
}

function outcome(picked: Picked): string {
  if ("value" in picked) {
    return `is ${clip(showValue(picked.value).replace(/\s*\n\s*/g, " "), MIN_SHOWN_CHARS)}`;
  }
  const { thrown } = picked;
  return `throws ${
    clip(escapeCell(thrown instanceof Error ? thrown.message : String(thrown)), MIN_SHOWN_CHARS)
  }`;
}

/** A finite number, an integer of any size, or text of a number as instruments send it. */
function numberOf(value: unknown): number | undefined {
  const number = typeof value === "bigint" || (typeof value === "string" && NUMBER.test(value))
    ? Number(value)
    : typeof value === "boolean"
    ? Number(value)
    : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}

const NUMBER = /^\s*[+-]?(?:\d{1,30}(?:\.\d{0,30})?|\.\d{1,30})(?:[eE][+-]?\d{1,3})?\s*$/;
/** After so many without a number there will be none, and what to do stands there. */
const CERTAIN = 5;
const MIN_SHOWN_CHARS = 60;
/** So much of a message is shown however narrow the screen is. */
const LEAST_SHOWN_CHARS = 12;
