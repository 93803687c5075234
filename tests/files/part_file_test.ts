import assert from "node:assert/strict";
import { PartFile } from "../../src/files/part_file.ts";
import { TempDirectory } from "./temp_directory.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

Deno.test("PartFile has a hidden name until it is whole, and only its own name then", async () => {
  using directory = new TempDirectory();
  const part = await PartFile.create(directory.path, "a.txt", false);
  await part.write(bytes("hello "));
  const [hidden, ...others] = directory.list();
  assert.match(hidden, /^\.[0-9a-f-]{36}\.part$/);
  assert.deepEqual(others, []);
  await part.write(bytes("there"));
  await part.publish();
  await part.discard();
  assert.deepEqual(directory.list(), ["a.txt"]);
  assert.equal(directory.read("a.txt"), "hello there");
});

Deno.test("PartFile.discard leaves nothing, and may be called again", async () => {
  using directory = new TempDirectory();
  const part = await PartFile.create(directory.path, "a.txt", true);
  await part.write(bytes("hello"));
  await part.discard();
  await part.discard();
  assert.deepEqual(directory.list(), []);
});

Deno.test("PartFile without replace does not touch a file that came meanwhile", async () => {
  using directory = new TempDirectory();
  const part = await PartFile.create(directory.path, "a.txt", false);
  await part.write(bytes("mine"));
  directory.write("a.txt", "theirs");
  await assert.rejects(part.publish(), { name: "BrokenError", code: "exists", message: /a\.txt/ });
  await part.discard();
  assert.deepEqual(directory.list(), ["a.txt"]);
  assert.equal(directory.read("a.txt"), "theirs");
});

Deno.test("PartFile with replace replaces a file at once, and a link instead of what it leads to", async () => {
  using directory = new TempDirectory();
  directory.write("target", "old");
  Deno.symlinkSync(directory.at("target"), directory.at("a.txt"));
  const part = await PartFile.create(directory.path, "a.txt", true);
  await part.write(bytes("new"));
  await part.publish();
  assert.equal(directory.read("a.txt"), "new");
  assert.equal(directory.read("target"), "old");
});

Deno.test("PartFile tells that its directory is gone", async () => {
  using directory = new TempDirectory();
  Deno.mkdirSync(directory.at("d"));
  const part = await PartFile.create(directory.at("d"), "a.txt", false);
  Deno.removeSync(directory.at("d"), { recursive: true });
  await part.write(bytes("into the void"));
  await assert.rejects(part.publish(), { code: "no_such_path" });
  await part.discard();
  await assert.rejects(PartFile.create(directory.at("d"), "a.txt", false), { code: "no_such_path" });
});

Deno.test("PartFile writes nowhere when its directory was replaced by a link", async () => {
  using directory = new TempDirectory();
  Deno.mkdirSync(directory.at("d"));
  Deno.mkdirSync(directory.at("outside"));
  const part = await PartFile.create(directory.at("d"), "a.txt", true);
  Deno.renameSync(directory.at("d"), directory.at("moved"));
  Deno.symlinkSync(directory.at("outside"), directory.at("d"));
  await assert.rejects(part.publish(), { code: "no_such_path" });
  await part.discard();
  assert.deepEqual(directory.list("outside/"), []);
  // Also when it was so before the file was begun.
  await assert.rejects(PartFile.create(directory.at("d"), "a.txt", true), { code: "moved" });
  assert.deepEqual(directory.list("outside/"), []);
});
