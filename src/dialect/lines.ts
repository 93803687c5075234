import { delimiter } from "../codec/delimiter.ts";
import { lines as linesCodec, type LinesOptions } from "../codec/lines.ts";
import { UsageTypeError } from "../errors.ts";
import { cannotSay, defineDialect, type Dialect } from "./dialect.ts";

/**
 * Text in lines that end with LF; a CR before it is dropped (with `newline: "\r"` in lines that end with CR; an LF
 * behind it is dropped). Every line is one message: a string, or the bytes
 * as they came with the option `payload: "bytes"`. What is sent gets its line end here: send it without one.
 *
 * @param options `newline`: what ends a line, LF by default; see the codec `lines`.
 */
export function lines({ newline = "\n" }: Pick<LinesOptions, "newline"> = {}): Dialect {
  return defineDialect<string | Uint8Array>({
    name: "lines",
    correlation: "none",
    open: ({ limits: { maxFrameBytes }, payload }) => {
      const text = linesCodec({ maxFrameBytes, newline });
      const bytes = delimiter(newline === "\r" ? newline : "\n", { maxFrameBytes });
      const writer = delimiter(newline, { maxFrameBytes });
      const ownPart = newline === "\r" ? withoutLf : withoutCr;
      const reader = payload === "bytes" ? bytes : text;
      return {
        codec: {
          decode: (buffer) => reader.decode(buffer),
          encode: (frame) => typeof frame === "string" ? text.encode(frame) : writer.encode(frame),
        },
        read: (line) => ({ kind: "message", value: typeof line === "string" ? line : ownPart(line) }),
        write: (message) => {
          if (message.kind !== "message") {
            throw cannotSay("lines", message, "it only has messages; use send or ask");
          }
          const { value } = message;
          if (typeof value === "string" || value instanceof Uint8Array) return value;
          if (typeof value === "number" || typeof value === "bigint" || typeof value === "boolean") {
            return `${value}`;
          }
          throw new UsageTypeError(
            `Cannot send a value of type ${value === null ? "null" : typeof value} in the dialect "lines": ` +
              `it carries text; JSON.stringify makes text of an object`,
          );
        },
      };
    },
  });
}

function withoutCr(line: Uint8Array): Uint8Array {
  return line.at(-1) === 0x0d ? line.subarray(0, -1) : line;
}

/** The LF of the line end before. */
function withoutLf(line: Uint8Array): Uint8Array {
  return line[0] === 0x0a ? line.subarray(1) : line;
}
