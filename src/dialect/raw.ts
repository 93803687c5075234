import { raw as rawCodec } from "../codec/raw.ts";
import { cannotSay, defineDialect, type Dialect } from "./dialect.ts";

/**
 * Bytes as they come, without frames: every chunk that arrives is one message, a `Uint8Array`. What the other side
 * sent in one piece may arrive in several, or several pieces in one. Text may be sent as well: it leaves as UTF-8.
 */
export function raw(): Dialect {
  return defineDialect<Uint8Array>({
    name: "raw",
    correlation: "none",
    open: ({ limits }) => ({
      codec: rawCodec({ maxFrameBytes: limits.maxFrameBytes }),
      read: (bytes) => ({ kind: "message", value: bytes }),
      write: (message) => {
        if (message.kind === "message" && message.value instanceof Uint8Array) return message.value;
        if (message.kind === "message" && typeof message.value === "string") {
          return new TextEncoder().encode(message.value);
        }
        throw cannotSay("raw", message, "it carries Uint8Array, or text as UTF-8");
      },
    }),
  });
}
