import type { Ability, Dialect } from "../dialect.ts";
import { NativeConversation, type Shared } from "./conversation.ts";
import { FrameReader } from "./frame_reader.ts";
import { MsgPack } from "./msgpack.ts";
import { NameCache } from "./name_cache.ts";
import { PayloadCodec } from "./payload.ts";

/**
 * Parley's own language: messages, named actions, and named requests with answers and errors; acknowledgements,
 * deadlines, cancellation and answers in parts; sessions that outlive their link. The wire is drawn in `frame.ts`: a
 * fixed binary head and a payload that is text, bytes, or one msgpack value.
 *
 * Values may be anything that msgpack has: `undefined`, `null`, booleans, numbers, `bigint` of 64 bits, text,
 * `Uint8Array`, `Date`, lists, and plain objects of these.
 */
export function native(): Dialect {
  const payload = new PayloadCodec(new MsgPack());
  const names = new NameCache();
  const shared: Shared = { payload, names, reader: new FrameReader(payload, names) };
  return {
    name: "native",
    correlation: "id",
    handshake: true,
    uniform: true,
    isDelicate: true,
    abilities: ABILITIES,
    converse: (host) => new NativeConversation(host, shared),
  };
}

const ABILITIES: readonly Ability[] = Object.freeze(["ack", "cancel", "stream", "key", "describe", "resume"]);
