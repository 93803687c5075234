import assert from "node:assert/strict";
import { NameCache } from "../../../src/dialect/native/name_cache.ts";

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** A name that no other test has. */
function nameOf(number: number): string {
  return `näme-${number}-${"x".repeat(number % 7)}`;
}

Deno.test("NameCache encodes and decodes far more names than it keeps", () => {
  const cache = new NameCache();
  for (let round = 0; round < 3; round++) {
    for (let number = 0; number < 2000; number++) {
      const name = nameOf(number);
      assert.deepEqual(cache.encode(name), utf8(name));
      const bytes = utf8(`--${name}--`);
      assert.equal(cache.decode(bytes, 2, bytes.length - 2), name);
    }
  }
});

Deno.test("NameCache tells names apart that share their slot", () => {
  const cache = new NameCache();
  // In base 31 these two have the same hash, whatever it is taken modulo.
  const [one, other] = [utf8("Aa"), utf8("BB")];
  for (let round = 0; round < 3; round++) {
    assert.equal(cache.decode(one, 0, 2), "Aa");
    assert.equal(cache.decode(other, 0, 2), "BB");
  }
});

Deno.test("NameCache keeps nothing of the memory it decodes from", () => {
  const cache = new NameCache();
  const bytes = utf8("name");
  cache.decode(bytes, 0, 4);
  bytes.set(utf8("NAME"));
  assert.equal(cache.decode(bytes, 0, 4), "NAME");
  assert.equal(cache.decode(utf8("name"), 0, 4), "name");
});

Deno.test("NameCache keeps a byte order mark, and refuses what is not UTF-8", () => {
  const cache = new NameCache();
  const marked = Uint8Array.of(0xef, 0xbb, 0xbf, 0x61);
  assert.equal(cache.decode(marked, 0, 4), "\ufeffa");
  for (let round = 0; round < 2; round++) {
    assert.throws(() => cache.decode(Uint8Array.of(0xc3, 0x28), 0, 2), { name: "TypeError" });
  }
});

Deno.test("NameCache decodes the empty name", () => {
  assert.equal(new NameCache().decode(new Uint8Array(4), 2, 2), "");
});
