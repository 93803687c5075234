import assert from "node:assert/strict";
import { CompletingConsole } from "./completing_console.ts";

/** A console and a folder with some files in it. */
async function inFolder(test: (world: CompletingConsole, folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await using world = new CompletingConsole();
    for (const name of ["demo.ts", "data.csv", ".hidden", 'qu"ote.ts', "new\nline.ts", "two words.ts"]) {
      await Deno.writeTextFile(`${folder}/${name}`, "");
    }
    await Deno.mkdir(`${folder}/deep`);
    await Deno.symlink("deep", `${folder}/link`);
    await Deno.symlink("nowhere", `${folder}/dangling`);
    await test(world, folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("file names are completed in strings that begin like a path, and where a path is wanted", async () => {
  await inFolder(async (world, folder) => {
    assert.deepEqual(Object.keys(await world.list(`"${folder}/`)), [
      "dangling",
      "data.csv",
      "deep/",
      "demo.ts",
      "link/",
      "new\nline.ts",
      'qu"ote.ts',
      "two words.ts",
    ]);
    assert.deepEqual(await world.texts(`import("${folder}/dem`), [`${folder}/demo.ts"`]);
    assert.deepEqual(await world.texts(`import x from "${folder}/dem|"`), [`${folder}/demo.ts`]);
    assert.deepEqual(await world.texts(`x.sendFile('${folder}/de`), [`${folder}/deep/`, `${folder}/demo.ts`]);
    assert.deepEqual(await world.texts(`x.share("${folder}/d`), [`${folder}/deep/`], "a folder is wanted");
    assert.deepEqual(await world.texts(`"${folder}/.h`), [`${folder}/.hidden"`]);
    assert.deepEqual(await world.texts(`"${folder}/qu`), [`${folder}/qu\\"ote.ts"`]);
    assert.deepEqual(await world.texts(`"${folder}/new`), [`${folder}/new\\nline.ts"`]);
    assert.deepEqual(await world.texts(`"${folder}/nowhere/`), []);
    assert.deepEqual(await world.texts('import("pack'), [], "a package is no file");
  });
});

Deno.test("file names are completed relative to the working directory, and ~ becomes the home folder", async () => {
  await using world = new CompletingConsole();
  assert.deepEqual(await world.texts('"./mod.'), ['./mod.ts"']);
  assert.deepEqual(await world.texts('x.getFile("remote", "mod.'), ['mod.ts"']);
  assert.deepEqual(await world.texts('handlersFrom("mod.'), ['mod.ts"']);
  assert.deepEqual(await world.texts('x.getFile("mod.'), [], "the first name is the other side's");
  const home = Deno.env.get("HOME")!;
  for (const text of await world.texts('"~/')) assert.ok(text.startsWith(`${home}/`), text);
});

Deno.test("file names are completed behind the commands that take one, those that can be typed", async () => {
  await inFolder(async (world, folder) => {
    for (const command of [".load", ".run", ".save"]) {
      assert.deepEqual(await world.texts(`${command} ${folder}/dem`), [`${folder}/demo.ts`], command);
    }
    assert.deepEqual(await world.texts(`.load ${folder}/two w`), [`${folder}/two words.ts`]);
    assert.deepEqual(await world.texts(`.load ${folder}/new`), []);
    assert.deepEqual(await world.texts(`.links ${folder}/dem`), []);
  });
});

Deno.test("of a large folder only a part is listed, and that is said", async () => {
  const folder = await Deno.makeTempDir();
  try {
    for (let index = 0; index < 600; index++) await Deno.writeTextFile(`${folder}/file${index}`, "");
    await using world = new CompletingConsole();
    const { candidates, note, common } = await world.at(`"${folder}/f`);
    assert.ok(candidates.length > 0 && candidates.length <= 500);
    assert.match(note!, /^\(not all of the folder was looked at: /);
    assert.equal(common, `${folder}/f`, "what was not looked at may go on with another letter");
    const narrow = async () => (await world.at(`"${folder}/file599`)).candidates.map(({ text }) => text);
    let found = await narrow();
    while (found.length === 0) found = await narrow();
    assert.deepEqual(found, [`${folder}/file599"`]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
