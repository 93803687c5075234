/**
 * Rule 4 in real terminals: history is written before evaluation, appended by several sessions, private, searchable,
 * and without what is marked as secret.
 */
import assert from "node:assert/strict";
import { type Pty, ptyAvailable } from "../pty.ts";
import { consoleAt } from "./program.ts";

function withHistory(name: string, test: (path: string, open: () => Promise<Pty>) => Promise<void>): void {
  Deno.test(`history ${name}`, { ignore: !ptyAvailable, timeout: 60_000 }, async () => {
    const folder = await Deno.makeTempDir();
    try {
      const path = `${folder}/history`;
      await test(path, () => consoleAt({ env: { PARLEY_HISTORY: path } }));
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}

const entries = async (path: string): Promise<string[]> =>
  (await Deno.readTextFile(path)).trimEnd().split("\n").map((line) => JSON.parse(line));

withHistory("of two consoles that append at the same time loses nothing of either", async (path, open) => {
  const names = ["left", "right"];
  const lines = (name: string) => Array.from({ length: 60 }, (_, index) => `"${name} ${index}"`);
  const consoles = await Promise.all(names.map(open));
  try {
    for (let index = 0; index < 60; index++) {
      consoles.forEach((pty, at) => pty.type(`${lines(names[at])[index]}\r`));
    }
    await Promise.all(consoles.map((pty, at) => pty.waitFor(new RegExp(`^"${names[at]} 59"\n> $`, "m"))));
    const found = await entries(path);
    for (const name of names) {
      assert.deepEqual(found.filter((entry) => entry.startsWith(`"${name}`)), lines(name));
    }
    assert.equal(found.length, 120);
    assert.equal((await Deno.stat(path)).mode! & 0o777, 0o600);
  } finally {
    await Promise.all(consoles.map((pty) => pty.close()));
  }
});

withHistory("of one console is found by another that starts later", async (path, open) => {
  {
    await using first = await open();
    first.type('const needle = "in the hay"\r');
    await first.waitFor(/hay"\n> $/);
    first.type("1 + 1\r");
    await first.waitFor(/^2\n> $/m);
  }
  assert.deepEqual(await entries(path), ['const needle = "in the hay"', "1 + 1"]);
  await using second = await open();
  second.press("Ctrl-R");
  second.type("needle");
  await second.waitFor('const needle = "in the hay"');
});

withHistory("leaves out what begins with a space, and runs it", async (path, open) => {
  await using pty = await open();
  pty.type(' const hidden = "between us"; hidden.length\r');
  await pty.waitFor(/^10\n> $/m);
  pty.type("hidden\r");
  await pty.waitFor(/^"between us"\n> $/m);
  assert.deepEqual(await entries(path), ["hidden"]);
  pty.press("Up", "Up");
  await pty.waitFor(/> hidden$/);
});

withHistory("holds an input whose evaluation kills the process", async (path, open) => {
  await using pty = await open();
  pty.type('Deno.kill(Deno.pid, "SIGKILL")\r');
  await pty.exited();
  assert.deepEqual(await entries(path), ['Deno.kill(Deno.pid, "SIGKILL")']);
});
