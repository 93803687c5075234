import assert from "node:assert/strict";
import { interByteTimeout } from "../../src/codec/inter_byte_timeout.ts";
import { lines } from "../../src/codec/lines.ts";
import { ready } from "../../src/codec/ready.ts";
import { ReceiveBuffer } from "../../src/receive_buffer.ts";
import { checkCodec } from "../../src/testing/check_codec.ts";
import { errorOf, feed, hex, oneByOne, utf8 } from "./feed.ts";

const BOOT = utf8("\r\nROM v1.2 REAREADY\r\n21.5\r\n22\r\nREADY\r\n");

Deno.test("ready passes over everything up to its mark, however it is cut, and reads on as the codec does", () => {
  for (const chunks of [[BOOT], oneByOne(BOOT), [BOOT.subarray(0, 14), BOOT.subarray(14)]]) {
    assert.deepEqual(feed(ready("READY\r\n", lines()), chunks), ["21.5", "22", "READY"]);
  }
  assert.deepEqual(feed(ready(0, lines()), [hex("ff fe 00 41 0a 00 42 0a")]), ["A", "\0B"]);
  assert.deepEqual(feed(ready(hex("aa55"), lines()), [hex("aa aa 55 41 0a")]), ["A"]);
});

Deno.test("ready keeps the contract of codecs once its mark has come", () => {
  const make = (options?: { maxFrameBytes?: number }) => {
    const codec = ready("OK", lines(options));
    feed(codec, [utf8("boot OK")]);
    // A fresh one would wait for its own mark.
    return {
      ...codec,
      decode: codec.decode.bind(codec),
      encode: codec.encode.bind(codec),
      fresh: () => make(options),
    };
  };
  checkCodec<string>({
    make,
    samples: [{ frames: ["abc", "", "d"] }, { frames: ["OK"] }],
    tooLarge: [{ maxFrameBytes: 3, bytes: utf8("12345\nok\n"), then: ["ok"], frame: "1234" }],
  });
});

Deno.test("ready keeps nothing of what comes before the mark, and reports no error in it", () => {
  const codec = ready("READY", lines({ maxFrameBytes: 10 }));
  const buffer = new ReceiveBuffer();
  for (let turn = 0; turn < 100; turn++) {
    assert.deepEqual(feed(codec, [new Uint8Array(100_000).fill(0x52)], buffer), []);
    assert.equal(buffer.length, 0);
  }
  assert.equal(codec.decodeEnd, undefined, "the end of the stream is as lines has it");
  assert.deepEqual(feed(codec, [utf8("READYa\n")], buffer), ["a"]);
});

Deno.test("ready begins anew on another connection, and writes before the mark as well", () => {
  const codec = ready("GO", lines());
  assert.deepEqual(feed(codec, [utf8("GOa\n")]), ["a"]);
  assert.deepEqual(feed(codec.fresh!(), [utf8("b\nGOc\n")]), ["c"]);
  assert.deepEqual(codec.fresh!().encode("reset"), utf8("reset\n"));
  assert.deepEqual(feed(codec, [utf8("half a line")]), []);
  assert.deepEqual(
    feed(codec.fresh!(), [utf8("GOx\ny\n")]),
    ["x", "y"],
    "what lines() remembers is fresh as well",
  );
});

Deno.test("ready passes pauses on only when its mark has come", () => {
  const codec = ready("GO", interByteTimeout({ quietMs: 7 }));
  assert.equal(codec.quietMs, 7);
  assert.deepEqual(feed(codec, [utf8("boot"), "pause", utf8("GO"), "pause", hex("0102"), "pause"]), [
    hex("0102"),
  ]);
  let pauses = 0;
  const counting = ready("GO", {
    encode: utf8,
    decode: () => undefined,
    quietMs: 1,
    decodeQuiet: () => void pauses++,
  });
  feed(counting, ["pause", utf8("G"), "pause", utf8("O"), "pause"]);
  assert.equal(pauses, 1);
  assert.equal(ready("GO", lines()).quietMs, undefined);
  assert.equal(ready("GO", lines()).decodeQuiet, undefined);
  const buffer = new ReceiveBuffer();
  buffer.append(hex("03"));
  assert.deepEqual(codec.decodeEnd?.(buffer), hex("03"));
  assert.equal(codec.fresh?.().decodeEnd?.(buffer), undefined);
});

Deno.test("ready refuses what is no mark or no codec", () => {
  assert.throws(() => ready("", lines()), { name: "RangeError", message: /0 bytes: 1 to 64/ });
  assert.throws(() => ready(300, lines()), { name: "RangeError" });
  assert.throws(() => ready(undefined as unknown as string, lines()), { name: "TypeError" });
  const { name, message } = errorOf(() => ready("GO", lines as unknown as ReturnType<typeof lines>));
  assert.equal(name, "TypeError");
  assert.match(message, /type function as the codec of ready\(\): one such as lines\(\)/);
});
