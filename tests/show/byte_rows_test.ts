import assert from "node:assert/strict";
import { ByteRows, type RowPiece, rowsOf } from "../../src/show/byte_rows.ts";
import { hexRow } from "../../src/show/hex_row.ts";
import { SeededRandom } from "../../src/testing/seeded_random.ts";

const bytes = (count: number) => Uint8Array.from({ length: count }, (_, index) => index);

/** Each piece as `in 0010 length`. */
function told(pieces: readonly RowPiece<string>[]): string[] {
  return pieces.map(({ way, offset, bytes }) => `${way} ${offset} ${bytes.length}`);
}

Deno.test("rows are whole, wait for their rest, and end when the other side speaks", () => {
  const rows = new ByteRows<string>();
  assert.deepEqual(told(rows.add("in", bytes(5), 1)), []);
  assert(rows.isWaiting);
  assert.deepEqual(told(rows.add("in", bytes(40), 2)), ["in 0 16", "in 16 16"]);
  assert.deepEqual(told(rows.add("out", bytes(16), 3)), ["in 32 13", "out 0 16"]);
  assert.deepEqual(told(rows.flush()), []);
  assert.deepEqual(told(rows.add("in", bytes(3), 4)), []);
  assert.deepEqual(told(rows.flush()), ["in 0 3"]);
  assert(!rows.isWaiting);
});

Deno.test("rows are the same however the bytes come, and have the time of their first byte", () => {
  const random = new SeededRandom(5);
  const whole = bytes(1000).map((_, index) => index * 7);
  for (let round = 0; round < 20; round++) {
    const rows = new ByteRows<string>();
    const pieces: RowPiece<string>[] = [];
    for (let at = 0; at < whole.length;) {
      const size = 1 + random.below(40);
      pieces.push(...rows.add("in", whole.subarray(at, at + size), at));
      at += size;
    }
    pieces.push(...rows.flush());
    const shown = pieces.flatMap((piece) => [...rowsOf(piece)]);
    assert.deepEqual(shown.map(({ offset }) => offset), Array.from({ length: 63 }, (_, index) => index * 16));
    assert.deepEqual(Uint8Array.from(shown.flatMap((row) => [...row.bytes])), whole);
    assert(pieces.every(({ offset, atMs }) => atMs <= offset && offset - atMs < 40));
  }
});

Deno.test("a row of hexadecimal has its bytes in two halves and what can be read of them", () => {
  assert.equal(
    hexRow(new TextEncoder().encode("\x00\x1b[2J ok\x7f\u00ff!")),
    "00 1b 5b 32 4a 20 6f 6b  7f c3 bf 21              ..[2J ok...!",
  );
});
