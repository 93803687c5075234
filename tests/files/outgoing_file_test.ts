import assert from "node:assert/strict";
import { OutgoingFile, PIECE_BYTES } from "../../src/files/outgoing_file.ts";
import { TempDirectory } from "./temp_directory.ts";

Deno.test("OutgoingFile reads a file in pieces, as many bytes as it had when it was opened", async () => {
  using directory = new TempDirectory();
  const content = Uint8Array.from({ length: PIECE_BYTES + 10 }, (_, index) => index);
  const path = directory.write("a", content);
  using file = await OutgoingFile.open(path);
  assert.equal(file.size, content.length);
  const read: number[] = [];
  while (file.missing > 0) read.push(...await file.read());
  assert.deepEqual(Uint8Array.from(read), content);
  await file.checkUnchanged();
});

Deno.test("OutgoingFile notices a file that becomes shorter, longer, or other", async () => {
  using directory = new TempDirectory();
  const path = directory.write("a", "0123456789");
  {
    using file = await OutgoingFile.open(path);
    Deno.truncateSync(path, 4);
    assert.equal((await file.read()).length, 4);
    const message = /shorter while it was sent: it ended after 4 of 10 bytes/;
    await assert.rejects(file.read(), { name: "BrokenError", code: "source_changed", message });
  }
  {
    using file = await OutgoingFile.open(path);
    Deno.writeTextFileSync(path, "more", { append: true });
    assert.equal((await file.read()).length, 4);
    assert.equal(file.missing, 0);
    const message = /4 bytes of it were sent, and it has 8 now; send it again/;
    await assert.rejects(file.checkUnchanged(), { code: "source_changed", outcome: "unknown", message });
  }
  {
    using file = await OutgoingFile.open(path);
    await file.read();
    Deno.utimeSync(path, 1, 1);
    await assert.rejects(file.checkUnchanged(), { code: "source_changed" });
  }
});

Deno.test("OutgoingFile refuses what is no file, without waiting for it", async () => {
  using directory = new TempDirectory();
  const notSent = { outcome: "not-sent" } as const;
  await assert.rejects(OutgoingFile.open(directory.at("none")), { ...notSent, code: "no_such_path" });
  await assert.rejects(OutgoingFile.open(directory.path), {
    ...notSent,
    code: "not_a_file",
    message: /directory/,
  });
  const { code } = await new Deno.Command("mkfifo", { args: [directory.at("pipe")] }).output();
  assert.equal(code, 0);
  await assert.rejects(OutgoingFile.open(directory.at("pipe")), { ...notSent, code: "not_a_file" });
});

Deno.test("OutgoingFile of a real path refuses one that has become a link", async () => {
  using directory = new TempDirectory();
  directory.write("secret", "s");
  Deno.symlinkSync(directory.at("secret"), directory.at("a"));
  await assert.rejects(OutgoingFile.open(directory.at("a"), true), { code: "not_a_file" });
  Deno.mkdirSync(directory.at("outside"));
  directory.write("outside/a", "s");
  Deno.symlinkSync(directory.at("outside"), directory.at("d"));
  await assert.rejects(OutgoingFile.open(directory.at("d/a"), true), { code: "source_changed" });
  using file = await OutgoingFile.open(directory.at("d/a"));
  assert.equal(file.size, 1);
});
