import { escapeText } from "../../show/escape.ts";
import { Utf8Text } from "../../show/utf8_text.ts";

/**
 * What a device sends, as text that cannot drive the terminal: line ends, TAB, BS and a lone CR stay, colours too where
 * they are wanted, and everything else that is no glyph is made visible. A line end is `\n`, whether it came as LF,
 * CR LF or CR CR LF. Whatever was cut is held until it is whole: at most a few bytes. Pure.
 */
export class DeviceText {
  readonly #utf8 = new Utf8Text();
  readonly #colours: boolean;
  readonly #isTyped: boolean;
  #held = "";

  /**
   * @param options `colours`: let SGR sequences, which set colours and nothing else, pass. `isTyped`: what somebody types,
   * where a CR is the Enter key and ends the line.
   */
  constructor({ colours = false, isTyped = false }: { colours?: boolean; isTyped?: boolean }) {
    this.#colours = colours;
    this.#isTyped = isTyped;
  }

  /** The text of these bytes, as far as it is known. */
  feed(bytes: Uint8Array): string {
    const text = this.#held + this.#utf8.feed(bytes);
    if (this.#isTyped) return this.#shown(text.replace(/\r\n?/g, "\n"));
    const cut = this.#colours ? unfinished : unfinishedLine;
    this.#held = cut.exec(text)?.[0] ?? "";
    if (this.#held.length > MAX_HELD_CHARS) this.#held = "";
    return this.#shown(text.slice(0, text.length - this.#held.length));
  }

  /** What is held, since nothing more comes. */
  end(): string {
    const text = this.#held + this.#utf8.end();
    this.#held = "";
    return this.#shown(text);
  }

  #shown(text: string): string {
    const lines = text.replace(/\r+\n/g, "\n");
    if (harmless.test(lines)) return lines;
    return lines.split(this.#colours ? keptWithColours : kept)
      .map((part, index) => index % 2 === 1 ? part : escapeText(part)).join("");
  }
}

const harmless = /^[\t\n\x20-\x7e]*$/;
// deno-lint-ignore no-control-regex
const kept = /([\n\r\x08]+)/;
// deno-lint-ignore no-control-regex
const keptWithColours = /([\n\r\x08]+|\x1b\[[\d;:]*m)/;
/** A CR may be the first half of a line end. */
const unfinishedLine = /\r+$/;
// deno-lint-ignore no-control-regex
const unfinished = /(?:\r+|\x1b(?:\[[\d;:]*)?)$/;

/** What is longer than this is no colour, and no line end either. */
const MAX_HELD_CHARS = 32;
