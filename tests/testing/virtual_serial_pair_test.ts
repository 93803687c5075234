import { serial } from "@parley/parley";
import { virtualSerialPair } from "@parley/parley/testing";
import assert from "node:assert/strict";
import { ascii, failure, open, take, takeText, WITH_PORTS } from "../transport/serial/open_lines.ts";

Deno.test("what is written to one port comes out of the other, in both directions", WITH_PORTS, async () => {
  await using pair = virtualSerialPair();
  assert.notEqual(pair.a.path, pair.b.path);
  const [a, b] = [await open(pair.a.path), await open(pair.b.path)];
  const bytes = Uint8Array.from({ length: 256 }, (_, value) => value);
  await a.write(bytes);
  assert.deepEqual(await take(b, 256), bytes);
  await b.write(bytes);
  assert.deepEqual(await take(a, 256), bytes);
  a.close();
  b.close();
});

Deno.test("a port keeps what came while nobody had it open", WITH_PORTS, async () => {
  await using pair = virtualSerialPair();
  const a = await open(pair.a.path);
  await a.write(ascii("early"));
  a.close();
  // Opening throws away what has come, as with a real port: so another program has to be first.
  const b = await open(pair.b.path);
  const again = await open(pair.a.path);
  await again.write(ascii("late"));
  assert.match(await takeText(b, 4), /^(late|earl)$/);
  again.close();
  b.close();
});

Deno.test("noise is what becomes of bytes on the cable", WITH_PORTS, async () => {
  const ways: string[] = [];
  await using pair = virtualSerialPair({
    noise: (bytes, to) => {
      ways.push(to);
      if (to === "a") return new Uint8Array(0); // nothing arrives
      return Uint8Array.from([...bytes, 0x21], (byte) => byte ^ 0x20); // more, and other ones
    },
  });
  await using a = await serial(pair.a.path, { dialect: "raw" });
  await using b = await serial(pair.b.path, { dialect: "raw" });
  await b.send("lost");
  await a.send("ABC");
  assert.equal(new TextDecoder().decode(await b.receive() as Uint8Array), "abc\x01");
  await b.send("lost");
  await a.send("D");
  assert.equal(new TextDecoder().decode(await b.receive() as Uint8Array), "d\x01");
  assert.ok(ways.includes("a") && ways.includes("b"));
});

Deno.test("ports lists what is plugged in, as what it pretends to be", WITH_PORTS, async () => {
  await using pair = virtualSerialPair({ b: { vendorId: "0403", productId: "6001", product: "Scale" } });
  const [a, b] = await pair.ports();
  const own = { manufacturer: "Parley", product: "Virtual port", vendorId: "1209", productId: "0001" };
  assert.deepEqual(a, { ...own, serialNumber: "A", path: pair.a.path, since: a.since });
  assert.deepEqual(b, {
    vendorId: "0403",
    productId: "6001",
    product: "Scale",
    path: pair.b.path,
    since: b.since,
  });
  assert.equal(typeof a.since, "number");
  await pair.a.unplug();
  assert.equal(pair.a.isPlugged, false);
  assert.equal(pair.a.info, undefined);
  assert.deepEqual(await pair.ports(), [b]);
  await pair.a.plug();
  assert.ok(pair.a.isPlugged);
  assert.equal((await pair.ports())[0].path, pair.a.path);
});

Deno.test("unplug takes the port away, plug brings it back under another path", WITH_PORTS, async () => {
  await using pair = virtualSerialPair();
  const b = await open(pair.b.path);
  for (let round = 0; round < 5; round++) {
    const { path } = pair.a;
    const a = await open(path);
    await b.write(ascii("hello"));
    assert.equal(await takeText(a, 5), "hello");
    await pair.a.unplug();
    await pair.a.unplug(); // no matter
    assert.equal((await failure(a.read())).code, "unplugged");
    // While a is open, nobody else gets the number of the port.
    assert.equal((await failure(open(path))).code, "no_such_path");
    a.close();
    await pair.a.plug();
    await pair.a.plug(); // no matter
    assert.notEqual(pair.a.path, path);
    const next = await open(pair.a.path);
    await next.write(ascii("back"));
    assert.equal(await takeText(b, 4), "back");
    next.close();
  }
  await pair.a.unplug();
  await b.write(new Uint8Array(1024 * 1024)); // it goes into the air: nobody holds it up
  b.close();
});

Deno.test("stall holds what is written to a port, resume lets it go", WITH_PORTS, async () => {
  await using pair = virtualSerialPair();
  const [a, b] = [await open(pair.a.path), await open(pair.b.path)];
  pair.a.stall();
  await a.write(ascii("held"));
  let isThere = false;
  const reading = takeText(b, 4).then((text) => (isThere = true, text));
  for (let turn = 0; turn < 20; turn++) {
    await b.write(ascii("free"));
    assert.equal(await takeText(a, 4), "free");
  }
  assert.ok(!isThere);
  pair.a.resume();
  assert.equal(await reading, "held");
  a.close();
  b.close();
});

Deno.test("close ends both ports, may be called again", WITH_PORTS, async () => {
  const pair = virtualSerialPair();
  const a = await open(pair.a.path);
  pair.b.stall();
  const [reading, writing] = [failure(a.read()), failure(a.write(new Uint8Array(4 * 1024 * 1024)))];
  await Promise.all([pair.close(), pair.close()]);
  await pair.close();
  for (const error of await Promise.all([reading, writing])) {
    assert.equal((error as { code?: string }).code, "unplugged");
  }
  assert.deepEqual(await pair.ports(), []);
  await pair.a.plug(); // it is over
  assert.equal(pair.a.isPlugged, false);
  assert.equal((await failure(open(pair.a.path))).code, "no_such_path");
  a.close();
});

Deno.test("a pair that carries bytes while it is closed ends at once", WITH_PORTS, async () => {
  const pair = virtualSerialPair();
  const [a, b] = [await open(pair.a.path), await open(pair.b.path)];
  const flood = failure(a.write(new Uint8Array(64 * 1024 * 1024)));
  assert.equal((await take(b, 1000)).length, 1000); // and the rest stays
  await pair.close();
  assert.equal((await flood as { code?: string }).code, "unplugged");
  a.close();
  b.close();
});
