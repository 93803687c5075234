import assert from "node:assert/strict";
import { CompletingConsole } from "./completing_console.ts";

Deno.test("dot-commands are completed at the beginning of a line, with what they do", async () => {
  await using world = new CompletingConsole();
  assert.deepEqual(await world.texts(".hel"), [".help"]);
  assert.deepEqual(await world.texts("  .wat"), [".watch"]);
  assert.equal((await world.list(".sav"))[".save"], "save what worked as a script");
  assert.deepEqual(await world.texts("x .he"), []);
  assert.deepEqual(await world.texts("...he"), []);
});

Deno.test("what may stand behind a dot-command is completed, and nothing behind an unknown one", async () => {
  await using world = new CompletingConsole();
  assert.deepEqual(await world.texts(".watch o"), ["on", "off"]);
  assert.deepEqual(await world.texts(".watch on o"), []);
  assert.deepEqual(await world.texts(".nothing o"), []);
  assert.deepEqual(await world.texts(".help wat"), ["watch"]);
});

Deno.test("names and members are completed behind .help and a question mark", async () => {
  await using world = new CompletingConsole();
  await world.input('var helped = createClient("memory://helped")');
  assert.deepEqual(await world.texts(".help createS"), ["createServer"]);
  assert.deepEqual(await world.at(".help helped.as"), {
    candidates: (await world.at("helped.as")).candidates,
    start: 13,
  });
  assert.deepEqual(await world.texts("?createS"), ["createServer"]);
});
