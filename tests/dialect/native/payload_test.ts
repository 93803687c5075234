import assert from "node:assert/strict";
import { MsgPack } from "../../../src/dialect/native/msgpack.ts";
import { PayloadCodec } from "../../../src/dialect/native/payload.ts";
import type { ProtocolError } from "../../../src/errors.ts";
import { SendBuffer } from "../../../src/send_buffer.ts";
import { toHex } from "../conversation.ts";

const [NONE, MSGPACK, BYTES, TEXT] = [0, 1, 2, 3];

function anySize(): void {}

/** A value written, and read back from the middle of other bytes. */
function roundTrip(value: unknown): { kind: number; value: unknown } {
  const codec = new PayloadCodec(new MsgPack());
  const output = new SendBuffer();
  output.append(Uint8Array.of(1, 2, 3));
  const kind = codec.writeValue(output, value, anySize);
  const end = output.length;
  output.append(Uint8Array.of(4, 5));
  return { kind, value: codec.readValue(kind, output.take().slice(), 3, end) };
}

Deno.test("PayloadCodec writes a text or bytes as they are, and all else as msgpack", () => {
  const cases: [value: unknown, kind: number][] = [
    [undefined, NONE],
    ["text", TEXT],
    ["", TEXT],
    ["\ufeffmark and grüße", TEXT],
    ["long ü".repeat(5000), TEXT],
    ["a".repeat(40), TEXT],
    ["a".repeat(41), TEXT],
    ["a".repeat(48) + "ü", TEXT],
    ["a".repeat(47) + "🚁", TEXT],
    ["\ufeff" + "a".repeat(60), TEXT],
    [Uint8Array.of(1, 2), BYTES],
    [new Uint8Array(0), BYTES],
    [null, MSGPACK],
    [5, MSGPACK],
    [["text"], MSGPACK],
    [{ a: Uint8Array.of(1) }, MSGPACK],
    [new Date(5), MSGPACK],
  ];
  for (const [value, kind] of cases) assert.deepEqual(roundTrip(value), { kind, value });
});

Deno.test("PayloadCodec reads bytes into memory of their own", () => {
  const codec = new PayloadCodec(new MsgPack());
  const memory = Uint8Array.of(1, 2, 3);
  const read = codec.readValue(BYTES, memory, 0, 3) as Uint8Array;
  memory.fill(9);
  assert.deepEqual(read, Uint8Array.of(1, 2, 3));
});

Deno.test("PayloadCodec writes arguments as a list, and as a map when some have names", () => {
  const codec = new PayloadCodec(new MsgPack());
  const cases: [args: unknown[], kwargs: Record<string, unknown> | undefined, kind: number, hex: string][] = [
    [[], undefined, NONE, ""],
    [["a"], undefined, TEXT, "61"],
    [[Uint8Array.of(7)], undefined, BYTES, "07"],
    [[1], undefined, MSGPACK, "9101"],
    [["a", 1], undefined, MSGPACK, "92a16101"],
    [[undefined], undefined, MSGPACK, "91c0"],
    [[], {}, MSGPACK, "82a46172677390a66b7761726773" + "80"],
    [["a"], { b: 1 }, MSGPACK, "82a46172677391a161a66b776172677381a16201"],
  ];
  for (const [args, kwargs, kind, hex] of cases) {
    const output = new SendBuffer();
    assert.equal(codec.writeArguments(output, { args, kwargs }, anySize), kind);
    const bytes = output.take().slice();
    assert.equal(toHex(bytes), hex);
    const read = codec.readArguments(kind, bytes, 0, bytes.length);
    assert.deepEqual(read.args, args.map((arg) => arg === undefined ? null : arg));
    assert.deepEqual(read.kwargs, kwargs);
  }
});

Deno.test("PayloadCodec refuses arguments of another shape", () => {
  const codec = new PayloadCodec(new MsgPack());
  for (
    const value of [5, {}, { args: [] }, { args: 5, kwargs: {} }, { args: [], kwargs: [] }, null, new Date(5)]
  ) {
    const output = new SendBuffer();
    codec.writeValue(output, value, anySize);
    const bytes = output.take();
    assert.throws(() => codec.readArguments(MSGPACK, bytes, 0, bytes.length), (error: ProtocolError) => {
      assert.equal(error.code, "bad_payload");
      assert.equal(error.fatal, false);
      assert.match(error.message, /arguments are neither a list nor \{ args, kwargs \}$/);
      return true;
    });
  }
});

Deno.test("PayloadCodec refuses a payload that is not what its kind says", () => {
  const codec = new PayloadCodec(new MsgPack());
  const cases: [kind: number, bytes: number[], message: RegExp][] = [
    [NONE, [0], /a frame of kind 0 carries 1 bytes$/],
    [TEXT, [0xff], /its text is not UTF-8 at byte 0$/],
    [TEXT, [0x61, 0xc3, 0xa9, 0xed, 0xa0, 0x80, 0x61], /its text is not UTF-8 at byte 3$/],
    [4, [], /its kind 4 is unknown$/],
    [255, [1], /its kind 255 is unknown$/],
  ];
  for (const [kind, bytes, message] of cases) {
    assert.throws(() => codec.readValue(kind, Uint8Array.of(0xff, ...bytes, 0xff), 1, 1 + bytes.length), {
      name: "ProtocolError",
      code: "bad_payload",
      fatal: false,
      message,
    });
  }
});

Deno.test("PayloadCodec asks for the size before it spends memory, and when it knows it", () => {
  const codec = new PayloadCodec(new MsgPack());
  const tooLarge = new RangeError("Too large");
  const atMost = (limit: number) => (bytes: number) => {
    if (bytes > limit) throw tooLarge;
  };
  for (const value of ["x".repeat(101), new Uint8Array(101), Array(101).fill(0)]) {
    const output = new SendBuffer();
    assert.throws(() => codec.writeValue(output, value, atMost(100)), (error) => error === tooLarge);
    assert.equal(output.length, 0);
  }
  const long = "ü".repeat(10_000);
  const output = new SendBuffer();
  assert.throws(() => codec.writeValue(output, long + long, atMost(30_000)), (error) => error === tooLarge);
  assert.equal(output.length, 0);
});

Deno.test("PayloadCodec names the place of what it cannot write", () => {
  const codec = new PayloadCodec(new MsgPack());
  const write = (args: unknown[], kwargs?: Record<string, unknown>) =>
    codec.writeArguments(new SendBuffer(), { args, kwargs }, anySize);
  assert.throws(() => write([1, { a: () => {} }]), {
    message: "Cannot pack a message: args[1].a is a function",
  });
  assert.throws(() => write([], { fast: Symbol() }), {
    message: "Cannot pack a message: kwargs.fast is a symbol",
  });
});
