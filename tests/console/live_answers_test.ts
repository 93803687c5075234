import assert from "node:assert/strict";
import { type Pty, ptyAvailable } from "../pty.ts";
import { consoleAt, runParley } from "./program.ts";

/** Three drones of one fleet, named; the second one answers when `answer()` is called. */
const FLEET = `
const fleet = await listen("memory://fleet")
let answer = () => {}
const drones = [await connect("memory://fleet"), await connect("memory://fleet"), await connect("memory://fleet")]
drones[0].onRequest("battery", () => 14.1)
drones[1].onRequest("battery", () => new Promise((resolve) => answer = () => resolve(15.9)))
drones[2].onRequest("battery", () => { throw new Error("no gauge") })
let n = 0; for (const peer of fleet.peers) peer.name = "drone-" + ++n
`.trim().split("\n");

async function withFleet(test: (pty: Pty) => Promise<void>): Promise<void> {
  await using pty = await consoleAt({ columns: 160 });
  for (const [index, line] of [...FLEET, `"ready"`].entries()) {
    pty.type(`${line}\r`);
    if (index === FLEET.length) await pty.waitFor(/^"ready"\n> $/m);
  }
  await test(pty);
}

const options = { ignore: !ptyAvailable, timeout: 60_000 };

Deno.test("answers of many peers are shown as they come, and the table not once more", options, async () => {
  await withFleet(async (pty) => {
    pty.type('await fleet.request("battery")\r');
    await pty.waitFor(/^ {2}drone-1 {2}14\.1 +\S+ ms$/m);
    await pty.waitFor(/^ {2}drone-3 {2}RemoteError \[handler_failed\]: .*no gauge/m);
    assert.doesNotMatch(pty.screen(), /drone-2/, "the slow one has not answered");
    pty.press("Ctrl-C"); // calls it off over there
    await pty.waitFor("Stopped. Links and handlers are as before.");
    await pty.waitFor("< cancel battery");
    await pty.waitFor("> failure battery [cancelled]");
    assert.doesNotMatch(pty.screen(), /drone-2|fleet < .* failure/);
    pty.type(".watch off\r");
    await pty.waitFor("not shown as they come");

    pty.type('setTimeout(() => answer(), 20); const t = await fleet.request("battery")\r');
    await pty.waitFor(/^request "battery": 2 of 3 ok\n(.* ! Error: no gauge.*\n)?> $/m);
    assert.equal(pty.screen().match(/drone-2/g)!.length, 1);
    // The drones are here too, and what their handlers throw is told a moment later.
    await pty.until(() => pty.screen().match(/! Error: no gauge/g)?.length === 2, "both errors");
    pty.type("t\r");
    await pty.waitFor(
      /> t\n {2}drone-1 .*\n {2}drone-3 .*\n {2}drone-2 {2}15\.9 .*\nrequest "battery": 2 of 3 ok\n> $/,
    );

    pty.type('setTimeout(() => answer(), 20); await fleet.request("battery")\r');
    const below = () => pty.screen().split('20); await fleet.request("battery")\n')[1] ?? "";
    await pty.until(() => /^request "battery": 2 of 3 ok\n[^]*> $/m.test(below()), "the end of the table");
    assert.equal(below().match(/drone-1/g)!.length, 1, "nothing is there twice");
    assert.equal(below().match(/ok$/gm)!.length, 1);
  });
});

Deno.test("answers of many peers are shown also where a flood is only counted", options, async () => {
  await withFleet(async (pty) => {
    pty.type(
      'for (let i = 0; i < 5000; i++) console.log("noise"); setTimeout(() => answer(), 20); await fleet.request("battery")\r',
    );
    await pty.waitFor(/^request "battery": 2 of 3 ok$/m);
    for (const name of ["drone-1  14.1", "drone-2  15.9", "drone-3  RemoteError"]) {
      assert.equal(pty.scrollback().split(`  ${name}`).length, 2, name);
    }
  });
});

Deno.test("not at a terminal the table of answers is the value, and with --json an object", async () => {
  const lines = [...FLEET.filter((line) => !line.startsWith("drones[1]")), 'await fleet.request("battery")'];
  const input = `${lines.join("\n")}\n`;
  const text = await runParley(["console", "--quiet"], input);
  assert.equal(text.stdout.split("\n").length, 5, text.stdout);
  assert.match(text.stdout, /^ {2}drone-1 {2}14\.1 /m);
  assert.match(text.stdout, /^ {2}drone-2 {2}RemoteError \[not_found\]/m);
  const json = await runParley(["console", "--quiet", "--json"], input);
  const { value } = JSON.parse(json.stdout);
  assert.equal(value.what, 'request "battery"');
  const row = value.rows.find(({ name }: { name: string }) => name === "drone-1");
  assert.deepEqual([row.ok, row.value, "peer" in row], [true, 14.1, false]);
  const failed = value.rows.find(({ name }: { name: string }) => name === "drone-3");
  assert.deepEqual([failed.ok, failed.error.code], [false, "handler_failed"]);
});
