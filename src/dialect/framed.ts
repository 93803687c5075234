import type { Codec } from "../codec/codec.ts";
import { cannotSay, defineDialect, type Dialect } from "./dialect.ts";

/**
 * The dialect behind the option `codec`: every frame is a message, and every message a frame.
 *
 * @param makeCodec Called for each connection, since a codec remembers how far it has looked.
 */
export function framed(makeCodec: () => Codec<unknown>): Dialect {
  return defineDialect<unknown>({
    name: "codec",
    correlation: "none",
    open: () => ({
      codec: makeCodec(),
      read: (frame) => ({ kind: "message", value: frame }),
      write: (message) => {
        if (message.kind === "message") return message.value;
        throw cannotSay("codec", message, "a codec only has frames; use send or ask");
      },
    }),
  });
}
