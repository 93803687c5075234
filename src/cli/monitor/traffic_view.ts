import { DeviceText } from "./device_text.ts";
import { ByteRows, type RowPiece, rowsOf } from "../../show/byte_rows.ts";
import { hexRow } from "../../show/hex_row.ts";
import { type StampKind, Stamps } from "../../show/stamps.ts";

/** Received, or sent. */
export type Direction = "<" | ">";

/** How a {@linkcode TrafficView} shows what it is given. */
export interface TrafficViewOptions {
  /** Rows of hexadecimal and ASCII, and not text. */
  hex: boolean;
  /** Each line has a stamp and a mark of its direction. */
  stamps: StampKind | undefined;
  /** What is sent is shown as well; with stamps and in hexadecimal it always is. */
  echo: boolean;
  /** Colour sequences of the device pass. */
  readonly colours: boolean;
  /** What ends a line here: CR LF where the terminal does not add the CR. */
  readonly newline: "\n" | "\r\n";
  /** When it began, in milliseconds since 1970. */
  readonly startMs: number;
}

/** What passes on a link, as text for a terminal or a file. Whatever it is given, it keeps no more than a line. Pure. */
export class TrafficView {
  /** How it is shown; may be changed between two calls, after `flush`. */
  readonly options: TrafficViewOptions;
  readonly #stamps: Stamps;
  readonly #text: Readonly<Record<Direction, DeviceText>>;
  /** False while something stands in the line that is being written. */
  #atStart = true;
  /** The line of what is being sent, until it ends: with stamps it is shown whole. */
  #sentLine = "";
  readonly #rows = new ByteRows<Direction>();

  constructor(options: TrafficViewOptions) {
    this.options = options;
    this.#stamps = new Stamps(options.startMs);
    const { colours } = options;
    this.#text = { "<": new DeviceText({ colours }), ">": new DeviceText({ isTyped: true }) };
  }

  /** True when bytes wait for others to fill their row: `flush` shows them. */
  get isWaiting(): boolean {
    return this.#rows.isWaiting;
  }

  /** What to write for these bytes, which came or left at `nowMs`, in milliseconds since 1970. */
  show(direction: Direction, bytes: Uint8Array, nowMs: number): string {
    const { hex, stamps, echo } = this.options;
    if (hex) return this.#hex(this.#rows.add(direction, bytes, nowMs));
    if (direction === ">" && stamps === undefined && !echo) return "";
    const text = this.#text[direction].feed(bytes);
    if (stamps === undefined) return this.#plain(text);
    return direction === "<" ? this.#stamped(text, stamps, nowMs) : this.#sent(text, stamps, nowMs);
  }

  /** What to write for a line of our own. */
  note(text: string): string {
    return `${this.flush()}${this.#freshLine()}${this.#plainColours()}${text}${this.options.newline}`;
  }

  /** What to write of what is kept. */
  flush(): string {
    return this.#hex(this.#rows.flush());
  }

  /** What to write when nothing more comes: the rest, and the end of the last line. */
  end(): string {
    return `${this.flush()}${this.#plain(this.#text["<"].end())}${this.#plainColours()}${this.#freshLine()}`;
  }

  /** The screen was emptied: the next line begins at its left. */
  cleared(): void {
    this.#atStart = true;
  }

  #plain(text: string): string {
    if (text === "") return "";
    this.#atStart = text.endsWith("\n");
    return text.replaceAll("\n", this.options.newline);
  }

  /** A CR alone would go back over the stamp: it ends the line. */
  #stamped(text: string, stamps: StampKind, nowMs: number): string {
    let output = "";
    for (const part of text.split(/(?<=[\r\n])/)) {
      if (part === "") continue;
      if (this.#atStart) output += `[${this.#stamps.next(stamps, nowMs)}] < `;
      this.#atStart = /[\r\n]$/.test(part);
      output += part.replace(/[\r\n]$/, this.options.newline);
    }
    return output;
  }

  #sent(text: string, stamps: StampKind, nowMs: number): string {
    const lines = (this.#sentLine + text).split("\n");
    this.#sentLine = lines.pop()!;
    if (this.#sentLine.length > MAX_SENT_LINE_CHARS) {
      lines.push(this.#sentLine);
      this.#sentLine = "";
    }
    const line = (sent: string) =>
      `${this.#freshLine()}[${this.#stamps.next(stamps, nowMs)}] > ${sent}${this.options.newline}`;
    return lines.map(line).join("");
  }

  #hex(pieces: readonly RowPiece<Direction>[]): string {
    return pieces.map((piece) => [...rowsOf(piece)].map(({ bytes }) => this.#hexLine(piece, bytes)).join(""))
      .join("");
  }

  #hexLine({ way, atMs }: RowPiece<Direction>, bytes: Uint8Array): string {
    const { stamps, newline } = this.options;
    const stamp = stamps === undefined ? "" : `[${this.#stamps.next(stamps, atMs)}] `;
    return `${this.#freshLine()}${stamp}${way} ${hexRow(bytes)}${newline}`;
  }

  /** A device may have left its colour on. */
  #plainColours(): string {
    return this.options.colours ? "\x1b[0m" : "";
  }

  #freshLine(): string {
    if (this.#atStart) return "";
    this.#atStart = true;
    return this.options.newline;
  }
}

/** A line that is sent is shown in parts when it is longer. */
const MAX_SENT_LINE_CHARS = 4096;
