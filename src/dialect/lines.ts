import { delimiter } from "../codec/delimiter.ts";
import { lines as linesCodec } from "../codec/lines.ts";
import type { BasicMessage } from "../message.ts";
import { carriedText } from "./carried_text.ts";
import { cannotSay, defineDialect, type Dialect } from "./dialect.ts";
import { Echoes } from "./echoes.ts";
import type { OptionCheck } from "./option_check.ts";

/** What {@linkcode lines} takes. */
export interface LineDialectOptions {
  /**
   * The dialect `lines`: what ends a line that is sent, `"\n"` (default), `"\r\n"` or `"\r"`. Lines that come end with
   * LF, a CR before it is dropped; only with `"\r"` do they end with CR, and an LF behind it is dropped.
   */
  newline?: "\n" | "\r\n" | "\r";
  /**
   * The dialect `lines`: true for a device that says every line back, as shells and modems do: what comes back of our
   * own lines is no message, so that `ask` resolves with the answer. Default false.
   */
  echo?: boolean;
  /**
   * The dialect `lines`: true when empty lines are no messages, such as those that modems put before their answers.
   * Default false.
   */
  skipEmpty?: boolean;
}

/** What the options of {@linkcode lines} have to be. */
export const LINE_OPTIONS: Readonly<Record<keyof LineDialectOptions, OptionCheck>> = Object.freeze({
  newline: ["\n", "\r\n", "\r"],
  echo: [true, false],
  skipEmpty: [true, false],
});

/**
 * Text in lines that end with LF; a CR before it is dropped (with `newline: "\r"` in lines that end with CR; an LF
 * behind it is dropped). Every line is one message: a string, or the bytes as they came with the option
 * `payload: "bytes"`. What is sent gets its line end here: send it without one.
 *
 * @param options `newline`: what ends a line, LF by default; see the codec `lines`.
 */
export function lines({ newline = "\n", echo, skipEmpty }: LineDialectOptions = {}): Dialect {
  return defineDialect<string | Uint8Array>({
    name: "lines",
    correlation: "none",
    uniform: echo !== true, // each connection has to know what it has sent
    open: ({ limits: { maxFrameBytes }, payload }) => {
      const text = linesCodec({ maxFrameBytes, newline });
      const bytes = delimiter(newline === "\r" ? newline : "\n", { maxFrameBytes });
      const writer = delimiter(newline, { maxFrameBytes });
      const ownPart = newline === "\r" ? withoutLf : withoutCr;
      const reader = payload === "bytes" ? bytes : text;
      const echoes = echo === true ? new Echoes() : undefined;
      return {
        codec: {
          decode: (buffer) => reader.decode(buffer),
          encode: (frame) => typeof frame === "string" ? text.encode(frame) : writer.encode(frame),
        },
        read: (line) => {
          const value = typeof line === "string" ? line : ownPart(line);
          if (skipEmpty === true && value.length === 0) return undefined;
          if (echoes?.takes(asText(value))) return undefined;
          const isInvalid = typeof value === "string" && value.includes(REPLACEMENT);
          return isInvalid ? { kind: "message", value, invalid: true } : { kind: "message", value };
        },
        write: (message) => {
          const line = lineOf(message);
          echoes?.sent(asText(line));
          return line;
        },
      };
    },
  });
}

/** @throws {UsageTypeError} code `usage`: it is no text. */
function lineOf(message: BasicMessage): string | Uint8Array {
  if (message.kind !== "message") throw cannotSay("lines", message, "it only has messages; use send or ask");
  return carriedText(message.value, "lines");
}

function asText(line: string | Uint8Array): string {
  return typeof line === "string" ? line : new TextDecoder().decode(line);
}

function withoutCr(line: Uint8Array): Uint8Array {
  return line.at(-1) === 0x0d ? line.subarray(0, -1) : line;
}

/** The LF of the line end before. */
function withoutLf(line: Uint8Array): Uint8Array {
  return line[0] === 0x0a ? line.subarray(1) : line;
}

/** What stands for bytes that are no UTF-8; one that was sent as such is not told from that. */
const REPLACEMENT = "\uFFFD";
