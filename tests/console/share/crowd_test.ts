import assert from "node:assert/strict";
import { connect } from "../../../mod.ts";
import type { Item } from "../../../src/console/share/words.ts";
import { ptyAvailable } from "../../pty.ts";
import { enter, SharePlace } from "./shared.ts";

const options = { ignore: !ptyAvailable, timeout: 60_000 };

/** One that attaches without minding its manners, and what it was sent. */
async function rude(place: SharePlace) {
  const items: Item[] = [];
  const client = await connect(`unix://${place.folder}/parley/bench.sock`, {
    onReceive: (batch: Item[]) => void items.push(...batch),
  });
  const done = async (id: number) => {
    while (!items.some((item) => item.kind === "done" && item.id === id)) {
      await client.request("complete", ["", 0]);
    }
    return items.find((item) => item.kind === "done" && item.id === id)! as Item & { kind: "done" };
  };
  return { client, items, done };
}

Deno.test(
  "sharing: inputs of one wait for each other, are bounded in number, and go with it",
  options,
  async () => {
    await using place = await SharePlace.make();
    const host = await place.host();
    await enter(host, "globalThis.order = []", /^\[\]$/m);
    const one = await rude(place);
    await one.client.action("input", [0, "order.push('before hello')"]);
    const hello = { version: 1, as: "text", colors: false, watch: false };
    await one.client.request("hello", [hello]);
    await assert.rejects(one.client.request("hello", [hello]), /it has attached already/);
    await one.client.action("input", [1, "await new Promise((r) => setTimeout(r, 20)); order.push(1)"]);
    await one.client.action("input", [2, "order.push(2)"]);
    assert.equal((await one.done(2)).ok, true);
    await one.client.action("input", [3, "await new Promise(() => {})"]);
    for (let id = 4; id < 80; id++) await one.client.action("input", [id, `order.push(${id})`]);
    assert.deepEqual([(await one.done(79)).ok, (await one.done(79)).exitCode], [false, 1]);
    const failures = one.items.flatMap((item) => item.kind === "failure" ? [item.text] : []);
    assert.equal(failures.length, 13, "64 wait");
    assert.equal(failures[0], "Nothing was evaluated: 64 inputs wait already");
    await one.client.close();
    await host.waitFor("attach-1 has left");
    await enter(host, "order", /^\[ 1, 2 \]$/m);
  },
);

Deno.test("sharing: one of another version, or that says nonsense, harms nobody", options, async () => {
  await using place = await SharePlace.make();
  const host = await place.host();
  const one = await rude(place);
  await assert.rejects(one.client.request("hello", [{ version: 99 }]), /speaks version 1 of sharing/);
  await assert.rejects(one.client.request("hello"), /speaks version 1/);
  await one.client.action("input", [{}, 5]);
  await one.client.action("stop");
  await one.client.send({ what: "?" });
  await assert.rejects(one.client.request("evaluate", ["1"]), { code: "not_found" });
  using raw = await Deno.connect({ transport: "unix", path: `${place.folder}/parley/bench.sock` });
  await raw.write(new TextEncoder().encode("GET / HTTP/1.1\r\n\r\n"));
  await enter(host, ".share", /^Shared as bench: nobody has attached/m);
  assert.equal((await place.run(["attach", "-q"], "6 * 7\n")).stdout, "42\n");
  await one.client.close();
  assert.doesNotMatch(host.screen(), /Error|HTTP/);
});

Deno.test(
  "sharing: an input that is too long is told and not sent, and what comes after it goes on",
  options,
  async () => {
    await using place = await SharePlace.make();
    const host = await place.host();
    const { code, stdout, stderr } = await place.run(
      ["attach", "-q"],
      `"${"x".repeat(1_100_000)}".length\n6 * 7\n`,
    );
    assert.deepEqual([code, stdout], [1, "42\n"]);
    assert.equal(
      stderr,
      "Nothing was evaluated: 1100009 characters are too many, 1048576 at most are sent; .load a file there\n",
    );
    await enter(host, "'still ' + 'here'", '"still here"');
  },
);

Deno.test("sharing: one too many is told so, also when it has not said where to", options, async () => {
  await using place = await SharePlace.make();
  await place.host();
  const all = await Promise.all(Array.from({ length: 16 }, () => rude(place)));
  for (const args of [["attach", "bench"], ["attach"]]) {
    const { code, stderr } = await place.run(args, "1\n");
    assert.match(stderr, /Cannot attach to "bench": 16 have attached already; one of them has to leave\n$/);
    assert.equal(code, 3);
  }
  for (const { client } of all) await client.close();
});

Deno.test(
  "sharing: the log of the console has what others type as it is on the screen",
  options,
  async () => {
    await using place = await SharePlace.make();
    const host = await place.host();
    await enter(host, `.log ${place.folder}/host.log`, /^Logging to/m);
    const one = await place.attached();
    await enter(one, "6 * 7", /^42$/m);
    await enter(one, " 7 * 7", /^49$/m);
    await enter(host, "8 * 8", /^64$/m);
    await enter(host, ".log off", /^The log is/m);
    const [, ...lines] = Deno.readTextFileSync(`${place.folder}/host.log`).trim().split("\n");
    assert.deepEqual(lines.slice(1), [
      "attach-1 has attached",
      "attach-1> 6 * 7",
      "> 8 * 8",
      "64",
      "> .log off",
    ]);
  },
);
