/**
 * Values to msgpack bytes and back, with a writer and a reader of our own.
 *
 * Both check while they work: one walk over a value on its way out, one over its bytes on the way in. Nothing that
 * msgpack could say besides (code, records, classes by extension, deep nesting, huge counts) is known to them.
 *
 * @module
 */
import { UsageRangeError, UsageTypeError } from "../../errors.ts";
import { SendBuffer } from "../../send_buffer.ts";
import { MsgPackReader } from "./msgpack_reader.ts";
import { MsgPackWriter } from "./msgpack_writer.ts";
import { checkPackable } from "./packable.ts";
import { packedSize } from "./packed_size.ts";

/**
 * Packs and unpacks single values. Any number of links may share one: it remembers nothing but short keys of maps.
 *
 * | value | on the wire | comes back as |
 * | --- | --- | --- |
 * | whole number from -2^31 to 2^32 - 1 | the shortest integer | number |
 * | any other number | float 64 | number |
 * | `bigint` | int 64, or uint 64 from 2^63 on | number up to ±2^53, else `bigint` |
 * | `Uint8Array`, `ArrayBuffer` | bin | `Uint8Array` of its own |
 * | `Date` | timestamp, to the millisecond | `Date` |
 * | `undefined` | left out of an object, elsewhere nil | `null` |
 */
export class MsgPack {
  readonly #reader = new MsgPackReader();
  readonly #writer = new MsgPackWriter();
  #isWriting = false;

  /**
   * Adds the bytes of `value` to `output`, or leaves it as it was. `what` is the user's word for the value, see
   * `checkPackable`. `checkSize` throws when so many bytes are too many; it is asked before much memory is taken.
   *
   * @throws what `checkSize` and the getters of `value` throw.
   * @throws {UsageTypeError} {@linkcode UsageRangeError} code `usage`: what `checkPackable` throws; or the value
   * changes while it is read, or a getter of it sends something into the same output.
   */
  write(output: SendBuffer, value: unknown, what: string, checkSize: (bytes: number) => void): void {
    // A getter may send a message of its own on another link while this one is being written.
    const writer = this.#isWriting ? new MsgPackWriter() : this.#writer;
    const before = output.length;
    this.#isWriting = true;
    try {
      writer.write(output, value, checkSize);
    } catch (cause) {
      try {
        explain(cause, value, what, writer.size, checkSize);
      } finally {
        output.rewind(before);
      }
    } finally {
      this.#isWriting = writer !== this.#writer;
    }
  }

  /** The bytes of `value`. @throws what {@linkcode MsgPack.write} throws. */
  pack(value: unknown): Uint8Array {
    const output = new SendBuffer();
    this.write(output, value, "value", anySize);
    return output.take();
  }

  /**
   * The one value that fills `bytes` from `start` to `end`. Nothing of it shares memory with `bytes`. Maps become
   * ordinary objects that have exactly the keys that were sent, as properties of their own.
   *
   * @throws {ProtocolError} code `bad_msgpack`, not fatal: the reason and the offset are in the message.
   */
  unpack(bytes: Uint8Array, start: number, end: number): unknown {
    return this.#reader.read(bytes, start, end);
  }
}

/** Throws for what `value` was refused, by the words of its own that the writer has not. */
function explain(
  cause: unknown,
  value: unknown,
  what: string,
  size: number,
  checkSize: (bytes: number) => void,
): never {
  checkPackable(value, what);
  checkSize(Math.max(size, packedSize(value)));
  if (cause instanceof UsageTypeError || cause instanceof UsageRangeError) throw cause;
  throw new UsageTypeError(`Cannot pack a message: ${cause instanceof Error ? cause.message : cause}`, {
    cause,
  });
}

function anySize(): void {}
