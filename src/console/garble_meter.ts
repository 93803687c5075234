/**
 * Tells when what comes as text is hardly text, as on a serial line that is read at the wrong rate: then most bytes are
 * no UTF-8, which is read as U+FFFD, or control characters. Pure.
 */
export class GarbleMeter {
  #chars = 0;
  #garbled = 0;

  /**
   * Counts this text, and when it fills a window of 1024 characters says how much of that is no text, in per cent, if it
   * is more than 30; then the next window begins. Tabs, line ends and the escapes of colours are text.
   */
  add(text: string): number | undefined {
    this.#chars += text.length;
    this.#garbled += text.match(GARBLED)?.length ?? 0;
    if (this.#chars < WINDOW_CHARS) return undefined;
    const percent = Math.round(100 * this.#garbled / this.#chars);
    this.reset();
    return percent > MAX_GARBLED_PERCENT ? percent : undefined;
  }

  /** Begins anew. */
  reset(): void {
    this.#chars = 0;
    this.#garbled = 0;
  }
}

// deno-lint-ignore no-control-regex
const GARBLED = /[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f-\x9f\ufffd]/g;
/** What a device tells when it starts is often not much more. */
const WINDOW_CHARS = 1024;
/** No text in any language has so many; noise at a wrong rate has more. */
const MAX_GARBLED_PERCENT = 30;
