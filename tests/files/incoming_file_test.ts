import assert from "node:assert/strict";
import { diskFailure } from "../../src/files/disk_failure.ts";
import { HIGH_BYTES, IncomingFile } from "../../src/files/incoming_file.ts";
import { type FileSink, PartFile } from "../../src/files/part_file.ts";
import { TempDirectory } from "./temp_directory.ts";

const noop = () => {};

/** A device that is always full, in the place of a disk. */
async function fullDisk(): Promise<FileSink> {
  const file = await Deno.open("/dev/full", { write: true });
  return {
    path: "/dev/full",
    write: (bytes) =>
      file.write(bytes).then(noop, (thrown) => {
        throw diskFailure("Cannot write /dev/full", thrown);
      }),
    publish: () => Promise.resolve(),
    discard: () => Promise.resolve(file.close()),
  };
}

Deno.test("IncomingFile keeps what comes, in pieces of any size", async () => {
  using directory = new TempDirectory();
  const content = crypto.getRandomValues(new Uint8Array(60_000));
  for (const piece of [1, 7, 16_383, 16_384, 60_000]) {
    const name = `a${piece}`;
    const file = new IncomingFile(content.length, PartFile.create(directory.path, name, false), noop);
    for (let at = 0; at < content.length; at += piece) file.add(content.slice(at, at + piece));
    assert.equal(file.missing, 0);
    assert.equal(file.isFinishing, true);
    assert.equal(await file.done, directory.at(name));
    assert.equal(file.isFinishing, false);
    assert.deepEqual(Deno.readFileSync(directory.at(name)), content);
  }
});

Deno.test("IncomingFile of no bytes is a file", async () => {
  using directory = new TempDirectory();
  await new IncomingFile(0, PartFile.create(directory.path, "empty", false), noop).done;
  assert.equal(directory.read("empty"), "");
});

Deno.test("IncomingFile counts what waits for the disk, and tells when there is room", async () => {
  using directory = new TempDirectory();
  const place = Promise.withResolvers<FileSink>();
  const waiting: number[] = [];
  const size = 2 * HIGH_BYTES;
  const file: IncomingFile = new IncomingFile(size, place.promise, () => waiting.push(file.waitingBytes));
  const half = new Uint8Array(HIGH_BYTES);
  file.add(half);
  assert.equal(file.waitingBytes, HIGH_BYTES);
  file.add(half);
  assert.equal(file.waitingBytes, size);
  place.resolve(await PartFile.create(directory.path, "a", false));
  await file.done;
  assert.deepEqual(waiting.slice(0, 2), [HIGH_BYTES, 0]);
});

Deno.test("IncomingFile that is aborted leaves nothing, also while its place is looked for", async () => {
  using directory = new TempDirectory();
  for (const soon of [true, false]) {
    const place = Promise.withResolvers<FileSink>();
    const file = new IncomingFile(10, place.promise, noop);
    file.add(new Uint8Array(4));
    if (soon) file.abort(new Error("enough"));
    place.resolve(await PartFile.create(directory.path, "a", false));
    file.abort(new Error("enough"));
    await assert.rejects(file.done, { message: "enough" });
    assert.deepEqual(directory.list(), []);
    file.add(new Uint8Array(6));
    assert.equal(file.missing, 0);
    assert.equal(file.waitingBytes, 0);
  }
});

Deno.test("IncomingFile that was refused drops what comes", async () => {
  const file = new IncomingFile(10, Promise.reject(new Error("no")), noop);
  await assert.rejects(file.done, { message: "no" });
  file.add(new Uint8Array(10));
  assert.deepEqual([file.missing, file.waitingBytes, file.isFinishing], [0, 0, false]);
});

Deno.test("IncomingFile tells that the disk is full, and drops the rest", async () => {
  const file = new IncomingFile(100_000, fullDisk(), noop);
  file.add(new Uint8Array(50_000));
  await assert.rejects(file.done, { name: "BrokenError", code: "disk_full", message: /no space is left/ });
  file.add(new Uint8Array(50_000));
  assert.deepEqual([file.missing, file.waitingBytes, file.isOver], [0, 0, true]);
});
