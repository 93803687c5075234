import { showAmount } from "./amount.ts";
import { escapeText } from "./escape.ts";
import { showSpan } from "./time_span.ts";

/** How far something has come: a `FileProgress` is one. */
export interface Progress {
  /** Bytes that are done. */
  readonly bytes: number;
  /** Bytes that there are in all. */
  readonly size: number;
  readonly bytesPerSecond: number;
  /** How long the rest takes, in milliseconds; `undefined` as long as nobody can tell. */
  readonly remainingMs: number | undefined;
}

/**
 * One line that tells how far something has come, with a bar as wide as fits in `columns`; on a narrow screen what is
 * known best comes first. Plain characters, without anything to escape.
 *
 *     show.csv > drone-3  45% [==========>            ]  185 kB of 412 kB, 133 kB/s, 1.7 s left
 */
export function progressBar(label: string, progress: Progress, columns: number): string {
  const { bytes, size, bytesPerSecond, remainingMs } = progress;
  const part = size > 0 ? Math.min(1, bytes / size) : 1;
  const percent = `${Math.floor(part * 100)}%`.padStart(4);
  const facts = [
    `${showAmount(bytes)} of ${showAmount(size)}`,
    ...(bytesPerSecond > 0 ? [`${showAmount(bytesPerSecond)}/s`] : []),
    ...(remainingMs !== undefined ? [`${showSpan(remainingMs)} left`] : []),
  ].join(", ");
  const head = `${shortLabel(label)} ${percent} `;
  const room = Math.min(MAX_BAR, columns - head.length - facts.length - 4);
  return `${head}${room >= MIN_BAR ? `[${bar(part, room)}]  ` : ""}${facts}`.slice(0, Math.max(0, columns));
}

/** What stays of it when it is done: `show.csv > drone-3  412 kB in 3.1 s, 133 kB/s`. */
export function progressSummary(label: string, bytes: number, ms: number): string {
  const rate = ms > 0 ? `, ${showAmount(bytes * 1000 / ms)}/s` : "";
  return `${shortLabel(label)}  ${showAmount(bytes)} in ${showSpan(ms)}${rate}`;
}

function bar(part: number, width: number): string {
  const done = Math.floor(part * width);
  return "=".repeat(done) + (done < width ? ">" : "") + " ".repeat(Math.max(0, width - done - 1));
}

function shortLabel(label: string): string {
  const shown = escapeText(label);
  return shown.length <= MAX_LABEL_CHARS ? shown : `${shown.slice(0, MAX_LABEL_CHARS - 1)}…`;
}

/** Narrower than this a bar tells nothing that the percentage does not. */
const MIN_BAR = 5;
const MAX_BAR = 40;
/** Names of files may be long. */
const MAX_LABEL_CHARS = 40;
