import assert from "node:assert/strict";
import { ReceivedTotal } from "../../src/files/received_total.ts";
import { TempDirectory } from "./temp_directory.ts";

Deno.test("ReceivedTotal notices files that were taken away, but does not look all the time", async () => {
  using directory = new TempDirectory();
  let now = 0;
  const total = new ReceivedTotal(100, () => now);
  for (const name of ["a", "b"]) {
    const path = directory.write(name, "x".repeat(50));
    (await total.claim(50)).keep(path);
  }
  assert.equal(total.bytes, 100);
  await assert.rejects(total.claim(1), { code: "quota", message: /it has 1 bytes, and 100 have come/ });
  Deno.removeSync(directory.at("a"));
  Deno.truncateSync(directory.at("b"), 20);
  await assert.rejects(total.claim(1), { code: "quota" });
  now = 10_000;
  const claim = await total.claim(80);
  assert.equal(total.bytes, 100);
  claim.release();
  claim.release();
  assert.equal(total.bytes, 20);
});

Deno.test("ReceivedTotal counts a file that replaces another instead of it", async () => {
  const total = new ReceivedTotal(100);
  (await total.claim(40)).keep("/a");
  (await total.claim(60)).keep("/a");
  assert.equal(total.bytes, 60);
});

Deno.test("ReceivedTotal takes no more than 100,000 files, however small", async () => {
  const total = new ReceivedTotal(Infinity, () => 0);
  for (let count = 0; count < 100_000; count++) await total.claim(0);
  await assert.rejects(total.claim(0), { code: "quota", message: /100000 files/ });
});
