import assert from "node:assert/strict";
import { checksum, type ChecksumOptions } from "../../src/codec/checksum.ts";
import { cobs } from "../../src/codec/cobs.ts";
import { delimiter } from "../../src/codec/delimiter.ts";
import { interByteTimeout } from "../../src/codec/inter_byte_timeout.ts";
import { lines } from "../../src/codec/lines.ts";
import { raw } from "../../src/codec/raw.ts";
import { type Checksum, crc16Ccitt, crc16Modbus, crc32, sum, xor } from "../../src/codec/sums.ts";
import { ReceiveBuffer } from "../../src/receive_buffer.ts";
import { checkCodec } from "../../src/testing/check_codec.ts";
import { errorOf, feed, hex, oneByOne, utf8 } from "./feed.ts";

const GPGGA = "$GPGGA,092750.000,5321.6802,N,00630.3372,W,1,8,1.03,61.7,M,55.2,M,,";
const nmea = () => checksum(lines({ newline: "\r\n" }), xor, { mark: "*", from: 1 });

Deno.test("checksums have their published values", () => {
  const check = utf8("123456789");
  const values = [crc16Modbus, crc16Ccitt, crc32, xor, sum].map((one) => one.of(check));
  assert.deepEqual(values, [0x4b37, 0x29b1, 0xcbf43926, 0x31, 0xdd]);
});

Deno.test("checksum reads and writes the Modbus example", () => {
  const codec = checksum(interByteTimeout(), crc16Modbus);
  assert.deepEqual(codec.encode(hex("01 03 00 00 00 0a")), hex("01 03 00 00 00 0a c5 cd"));
  assert.deepEqual(feed(codec, [hex("01 03 00 00 00 0a c5 cd"), "pause"]), [hex("01 03 00 00 00 0a")]);
  assert.deepEqual(feed(codec, [hex("01 03 00 00 00 0b c5 cd"), "pause", hex("01 03"), "pause"]), [
    "!bad_checksum",
    "!bad_checksum",
  ]);
});

Deno.test("checksum reads and writes NMEA 0183", () => {
  assert.deepEqual(nmea().encode(GPGGA), utf8(`${GPGGA}*76\r\n`));
  assert.deepEqual(feed(nmea(), [utf8(`${GPGGA}*76\r\n$GPGLL,,,,,,V,N*64\r\n`)]), [GPGGA, "$GPGLL,,,,,,V,N"]);
  const aRmc = "!AIVDM,1,1,,B,177KQJ5000G?tO`K>RA1wUbN0TKH,0"; // any first character is left out
  assert.deepEqual(feed(nmea(), [utf8(`${aRmc}*5C\r\n${aRmc}*5c\r\n`)]), [aRmc, aRmc]);
});

Deno.test("checksum keeps the contract around codecs of bytes, of text and of pauses", () => {
  const frames = [hex("00"), new Uint8Array(300), hex("c0dbff0a")];
  for (const one of [crc16Modbus, crc16Ccitt, crc32, xor, sum]) {
    checkCodec({
      make: (options) => checksum(cobs(options), one),
      samples: [{ frames }],
      garbageInputs: 500,
    });
  }
  checkCodec({
    make: (options) => checksum(interByteTimeout(options), crc16Modbus),
    samples: [{ frames }],
    malformed: [{
      bytes: hex("01 02 03 04 05 01 03 00 00 00 0a c5 cd"),
      pauses: [5, 13],
      code: "bad_checksum",
      fatal: false,
      then: [hex("01 03 00 00 00 0a")],
    }],
  });
  checkCodec<string>({
    make: (options) => checksum(lines(options), xor, { mark: "*", from: 1 }),
    samples: [{ frames: [GPGGA, "", "$"] }, { frames: ["$a*b"], bytes: utf8("$a*b*29\r\n") }],
    malformed: [
      { bytes: utf8("$a*62\n$a*61\n"), code: "bad_checksum", fatal: false, then: ["$a"] },
      { bytes: utf8("$a61\n$a*61\n"), code: "bad_checksum", fatal: false, then: ["$a"] },
      { bytes: utf8("\n$a*61\n"), code: "bad_checksum", fatal: false, then: ["$a"] },
    ],
    tooLarge: [{ maxFrameBytes: 8, bytes: utf8("$123456*00\n$a*61\n"), then: ["$a"], frame: "$12345" }],
  });
});

Deno.test("checksum writes its sum in either order, as bytes or as digits", () => {
  const codec = (options: ChecksumOptions) => checksum(delimiter(";"), crc16Modbus, options);
  const wire = (options: ChecksumOptions) => codec(options).encode(utf8("123456789"));
  const text = utf8("123456789");
  assert.deepEqual(wire({}), Uint8Array.of(...text, 0x37, 0x4b, 0x3b));
  assert.deepEqual(wire({ order: "big" }), Uint8Array.of(...text, 0x4b, 0x37, 0x3b));
  assert.deepEqual(wire({ as: "hex" }), utf8("1234567894B37;"));
  assert.deepEqual(wire({ as: "hex", order: "little", mark: "#" }), utf8("123456789#374B;"));
  for (
    const options of [{}, { order: "big" }, { as: "hex" }, { as: "hex", mark: "#" }] as ChecksumOptions[]
  ) {
    assert.deepEqual(feed(codec(options), [wire(options)]), [text]);
  }
  assert.deepEqual(feed(codec({ as: "hex", mark: "f" }), [utf8("123456789f4b37;")]), [text], "small digits");
  assert.deepEqual(feed(codec({ as: "hex", mark: "f" }), [utf8("123456789F4b37;")]), ["!bad_checksum"]);
});

Deno.test("checksum says what it found and what it expected, in hexadecimal", () => {
  const message = (codec: ReturnType<typeof checksum>, wire: Uint8Array) => {
    const buffer = new ReceiveBuffer();
    buffer.append(wire);
    return errorOf(() => codec.decode(buffer)).message;
  };
  assert.equal(
    message(checksum(raw(), crc16Modbus), hex("01 03 00 00 00 0a c5 00")),
    "Frame of 8 bytes has the CRC-16 (Modbus) C5 00, its bytes give C5 CD; it is dropped",
  );
  assert.equal(
    message(nmea(), utf8("$GPGLL,,,,,,V,N*65\r\n")),
    "Frame of 18 bytes has the xor 65, its bytes give 64; it is dropped",
  );
  assert.equal(
    message(nmea(), utf8("$a*\x1b[\n")),
    "Frame of 5 bytes has the xor 1B 5B, its bytes give 61; it is dropped",
  );
  assert.equal(
    message(nmea(), utf8("$a\n")),
    'Frame of 2 bytes has no xor behind it ("*" and 2 digits are wanted); it is dropped',
  );
});

Deno.test("checksum takes a sum of one's own", () => {
  const length: Checksum = { name: "length", bytes: 1, of: (bytes) => bytes.length };
  const codec = checksum(cobs(), length);
  assert.deepEqual(feed(codec, [codec.encode(hex("0a0b")), cobs().encode(hex("0a0b03"))]), [
    hex("0a0b"),
    "!bad_checksum",
  ]);
});

Deno.test("checksum reports noise now and then, however it is cut, and loses no good frame", () => {
  const wire = utf8("\n\n\n$a*61\n".repeat(5000));
  const got = feed(nmea(), [wire]);
  const errors = got.filter((one) => one === "!bad_checksum").length;
  assert.ok(errors > 100 && errors < 300, `${errors} errors`);
  assert.equal(got.length - errors, 5000);
  assert.deepEqual(feed(nmea(), oneByOne(wire)), got);
});

Deno.test("checksum tells of bad frames that were passed over before the good ones go on", () => {
  const good = `${GPGGA}*76\r\n`;
  const got = feed(nmea(), [utf8("\n".repeat(300) + good.repeat(8))]);
  const [bad, after] = [got.indexOf(GPGGA), got.lastIndexOf("!bad_checksum")];
  assert.ok(bad > 16 && after > bad, String(got));
  assert.deepEqual(got.slice(after + 1), new Array(got.length - after - 1).fill(GPGGA));
  assert.equal(got.filter((one) => one === GPGGA).length, 8);
});

Deno.test("checksum passes on the end of the stream and fresh codecs as the codec has them", () => {
  assert.equal(checksum(lines(), xor).decodeEnd, undefined);
  assert.equal(checksum(lines(), xor).quietMs, undefined);
  const codec = checksum(interByteTimeout({ quietMs: 5 }), crc16Modbus).fresh!();
  assert.equal(codec.quietMs, 5);
  const buffer = new ReceiveBuffer();
  buffer.append(hex("01 03 00 00 00 0a c5 cd"));
  assert.deepEqual(codec.decodeEnd?.(buffer), hex("01 03 00 00 00 0a"));
});

Deno.test("checksum refuses what is no codec, no checksum, or no option", () => {
  const wrong = (...args: unknown[]) => errorOf(() => (checksum as (...args: unknown[]) => unknown)(...args));
  assert.match(wrong(undefined, xor).message, /type undefined as the codec of checksum/);
  assert.match(wrong(lines(), "xor").message, /type string as a checksum: crc16Modbus or/);
  assert.match(wrong(lines(), { ...xor, bytes: 5 }).message, /5 as "bytes" of "xor": 1 to 4/);
  assert.match(
    wrong(lines(), xor, { form: 1 }).message,
    /"form" of checksum\(\): the options are order, as, mark, from/,
  );
  assert.match(wrong(lines(), xor, { as: "dec" }).message, /"dec" as "as": "binary" or "hex"/);
  assert.match(wrong(lines(), xor, { order: 1 }).message, /1 as "order"/);
  assert.match(wrong(lines(), xor, { from: -1 }).message, /-1 as "from".*0 to 1024/);
  assert.match(wrong(lines(), xor, { mark: "*".repeat(65) }).message, /65 bytes/);
  assert.throws(() => checksum(lines(), xor).encode(5 as unknown as string), {
    name: "TypeError",
    code: "usage",
  });
});
