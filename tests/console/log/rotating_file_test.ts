import assert from "node:assert/strict";
import { RotatingFile } from "../../../src/console/log/rotating_file.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

async function inFolder(test: (folder: string) => void): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** The files of a folder with what is in them. */
function files(folder: string): Record<string, string> {
  return Object.fromEntries(
    [...Deno.readDirSync(folder)].map(({ name }) => [name, Deno.readTextFileSync(`${folder}/${name}`)]),
  );
}

Deno.test("a full file becomes the first of the older ones, and the oldest is deleted and counted", () =>
  inFolder((folder) => {
    using file = new RotatingFile(`${folder}/log`, { maxBytes: 4, keep: 2 });
    const isNew = ["ab", "cd", "ef", "ghijkl", "m", "n", "o"].map((text) => file.append(bytes(text)));
    assert.deepEqual(isNew, [false, false, true, true, true, false, false]);
    assert.deepEqual(files(folder), { "log": "mno", "log.1": "ghijkl", "log.2": "ef" });
    assert.equal(file.lost, 1);
  }));

Deno.test("a file that exists is appended to, and what is in it counts", () =>
  inFolder((folder) => {
    Deno.writeTextFileSync(`${folder}/log`, "abc");
    using file = new RotatingFile(`${folder}/log`, { maxBytes: 4, keep: 0 });
    file.append(bytes("d"));
    assert.deepEqual(files(folder), { "log": "abcd" });
    file.append(bytes("e"));
    assert.deepEqual(files(folder), { "log": "e" });
  }));

Deno.test("a file that somebody has taken away is no reason to stop", () =>
  inFolder((folder) => {
    using file = new RotatingFile(`${folder}/log`, { maxBytes: 2, keep: 1 });
    file.append(bytes("ab"));
    Deno.removeSync(`${folder}/log`);
    file.append(bytes("cd"));
    assert.deepEqual(files(folder), { "log": "cd" });
  }));
