/**
 * Text that is split wherever a pattern matches.
 *
 * @module
 */
import { UsageTypeError } from "../errors.ts";
import type { ReceiveBuffer } from "../receive_buffer.ts";
import { type Codec, type FrameLimit, frameTooLarge, truncated } from "./codec.ts";
import { frameLimit, quietTime, tooLargeToSend } from "./options.ts";
import { PatternMachine } from "./pattern_machine.ts";
import { compilePattern, matchLengths, type Program } from "./pattern_program.ts";
import { parsePattern } from "./pattern_syntax.ts";

/** The options of {@linkcode regex}. */
export interface RegexOptions extends FrameLimit {
  /**
   * How long the line is quiet, in milliseconds, before a match counts that more bytes could make longer. Default 20:
   * more than the 16 that common USB adapters hold bytes back for.
   */
  quietMs?: number;
  /** What is put behind each frame that is sent, such as `"\r\n"`, or `""` for nothing. Without it nothing is sent. */
  end?: string;
}

/** Longer than a USB adapter holds bytes back (16 ms by default), and not felt by people. */
const QUIET_MS = 20;

/**
 * UTF-8 text, split wherever `pattern` matches; frames are what stands between, as strings.
 *
 * ```text
 * INPUT                        FRAMES
 * "a\r\nb\nc"                  "a"  "b"            regex(/\r?\n/), "c" waits for its end
 * "ready> 21.5\r\nok> "        "ready"  "21.5\r\nok"   regex(/> /), for devices with a prompt
 * "a\n\n\nb\n"                 "a"  "b"            regex(/\n+/), the second after 20 ms or the next byte
 * ```
 *
 * The pattern is matched against bytes as they come: `\xHH` is the byte HH, any other character its bytes in UTF-8;
 * `\s`, `\w`, `\d` and the flag `i` know ASCII. The first match counts, as in JavaScript, and nothing of it is handed
 * over, groups neither. A match that could still become longer waits for the next byte, or until the line is quiet for
 * `quietMs`. What cannot be decided from the bytes of the match is refused when the codec is made: `^`, `$`, `\b`,
 * looks ahead and behind, back references, and a pattern that matches nothing at all, such as `/\n?/`. The flags g, y,
 * d and m change nothing.
 *
 * The work for each byte is bounded by the length of the pattern, whatever the bytes: no pattern is slow in the way
 * that a regular expression can be. For that a match is at most 256 bytes long (a longer one is taken as several), and
 * whether it goes on is looked for in the next 8 bytes behind it.
 *
 * `decode` throws {@linkcode ProtocolError} code `too_large`, not fatal, once for a frame above `maxFrameBytes`
 * (default 1 MiB, counted in bytes), as soon as that much has come; its bytes are dropped up to the next match. Bytes
 * that are no UTF-8 are read as U+FFFD. `encode` writes the text with `end` behind it, and throws
 * {@linkcode UsageTypeError} without that option or for text that holds it, {@linkcode UsageRangeError} for text above
 * `maxFrameBytes`.
 *
 * @throws {UsageTypeError} code `usage`: no regular expression, one that cannot be matched as bytes come, an unknown
 *   option.
 * @throws {UsageRangeError} code `usage`: a pattern that is too large, `quietMs` outside 1 to 60,000, or
 *   `maxFrameBytes` outside 1 byte to 64 MiB.
 *
 * @example A device that ends its answers with a prompt
 * ```ts
 * import { ReceiveBuffer, regex } from "@parley/parley";
 * import assert from "node:assert/strict";
 *
 * const codec = regex(/\r\n> /, { end: "\r" });
 * const buffer = new ReceiveBuffer();
 * buffer.append(new TextEncoder().encode("21.5 C\r\n> "));
 * assert.equal(codec.decode(buffer), "21.5 C");
 * assert.deepEqual(codec.encode("read"), new TextEncoder().encode("read\r"));
 * ```
 */
export function regex(pattern: RegExp, options: RegexOptions = {}): Codec<string> {
  if (!(pattern instanceof RegExp)) {
    throw new UsageTypeError(
      `Cannot split at a value of type ${typeof pattern}: a regular expression such as /\\r?\\n/ is wanted` +
        `; delimiter() takes text`,
    );
  }
  const maxFrameBytes = frameLimit("regex", options, ["quietMs", "end"]);
  const quietMs = quietTime(options.quietMs, QUIET_MS);
  const { end } = options;
  if (end !== undefined && typeof end !== "string") {
    throw new UsageTypeError(`Cannot use a value of type ${typeof end} as "end": a string is wanted`);
  }
  const parsed = parsePattern(pattern);
  const [least, most] = matchLengths(parsed);
  if (least === 0) {
    throw new UsageTypeError(
      `Cannot split at ${pattern}: it matches nothing at all as well, so everything would be cut everywhere; write + for *`,
    );
  }
  const program = compilePattern(parsed, String(pattern));
  // Matches of one length never wait, so there is no need to look at the clock.
  return new RegexCodec({ program, end, maxFrameBytes, quietMs: least === most ? undefined : quietMs });
}

interface RegexSettings {
  readonly program: Program;
  readonly end: string | undefined;
  readonly maxFrameBytes: number;
  readonly quietMs: number | undefined;
}

class RegexCodec implements Codec<string> {
  readonly quietMs?: number;
  readonly decodeQuiet?: (buffer: ReceiveBuffer) => string | undefined;
  readonly #settings: RegexSettings;
  readonly #machine: PatternMachine;
  /** Bytes at the front of the buffer that the machine has looked at. */
  #scanned = 0;
  #dropping = false;

  constructor(settings: RegexSettings) {
    this.#settings = settings;
    this.#machine = new PatternMachine(settings.program);
    if (settings.quietMs !== undefined) {
      this.quietMs = settings.quietMs;
      this.decodeQuiet = (buffer) => this.#decodeAll(buffer);
    }
  }

  decode(buffer: ReceiveBuffer): string | undefined {
    const machine = this.#machine;
    const { maxFrameBytes } = this.#settings;
    for (;;) {
      const limit = this.#dropping ? Infinity : maxFrameBytes;
      this.#scanned = machine.run(buffer.peek(buffer.length), this.#scanned, limit);
      const open = machine.openAt(this.#scanned);
      if (open > limit) {
        this.#dropping = true;
        this.#drop(buffer, open);
        throw frameTooLarge(maxFrameBytes + 1, maxFrameBytes, { fatal: false });
      }
      if (!machine.isDecided) {
        if (this.#dropping) this.#drop(buffer, open);
        return undefined;
      }
      const { matchStart, matchEnd } = machine;
      machine.reset();
      this.#scanned = 0;
      const frame = this.#dropping ? undefined : DECODER.decode(buffer.peek(matchStart));
      this.#dropping = false;
      buffer.skip(matchEnd);
      if (frame !== undefined) return frame;
    }
  }

  decodeEnd(buffer: ReceiveBuffer): string | undefined {
    const frame = this.#decodeAll(buffer);
    if (frame === undefined && buffer.length > 0 && !this.#dropping) throw truncated(buffer.length);
    return frame;
  }

  encode(text: string): Uint8Array {
    const { end, maxFrameBytes } = this.#settings;
    if (typeof text !== "string") {
      throw new UsageTypeError(
        `Cannot encode a value of type ${typeof text}: frames of regex() are text, a string is wanted`,
      );
    }
    if (end === undefined) {
      throw new UsageTypeError(
        `Cannot encode text: regex() knows what ends a frame that comes, and not what to put behind one that is sent;` +
          ` make it with { end: "\\r\\n" }, or with { end: "" } for nothing`,
      );
    }
    if (end !== "" && text.includes(end)) {
      throw new UsageTypeError(
        `Cannot encode text that holds ${JSON.stringify(end)}: the codec puts it behind each frame itself`,
      );
    }
    // Every UTF-16 unit is at least one byte, so this spares the memory for text that is far too long.
    if (text.length > maxFrameBytes) throw tooLargeToSend(text.length, maxFrameBytes);
    const bytes = ENCODER.encode(text + end);
    const length = bytes.length - ENCODER.encode(end).length;
    if (length > maxFrameBytes) throw tooLargeToSend(length, maxFrameBytes);
    return bytes;
  }

  fresh(): Codec<string> {
    return new RegexCodec(this.#settings);
  }

  /** The next frame when no more bytes come for now: a match that could become longer does not. */
  #decodeAll(buffer: ReceiveBuffer): string | undefined {
    for (;;) {
      const frame = this.decode(buffer);
      if (frame !== undefined || this.#machine.matchStart === -1) return frame;
      this.#machine.decide();
    }
  }

  /** Drops what is no part of a match that may come. */
  #drop(buffer: ReceiveBuffer, count: number): void {
    buffer.skip(count);
    this.#machine.shift(count);
    this.#scanned -= count;
  }
}

const ENCODER = new TextEncoder();
const DECODER = new TextDecoder("utf-8", { ignoreBOM: true });
