import assert from "node:assert/strict";
import { MismatchError, type Player, player, readRecording, type Recording } from "@parley/parley";
import { SeededRandom } from "../../src/testing/seeded_random.ts";
import { BENCH, readText } from "./recordings.ts";

const HEADER = '{"format":"parley-recording","version":1,"started":"2026-11-22T00:00:00.000Z"}';

/** A recording of one connection: `>` goes out, `<` comes in. */
async function conversation(...pieces: string[]): Promise<Recording> {
  const lines = pieces.map((piece, ms) =>
    JSON.stringify({ ms, link: "psu", direction: piece[0] === ">" ? "out" : "in", text: piece.slice(1) })
  );
  const link = {
    ms: 0,
    event: "link",
    link: "psu",
    address: "tcp://127.0.0.1:1",
    role: "client",
    dialect: "lines",
  };
  return await readText([HEADER, JSON.stringify(link), ...lines, ""].join("\n"));
}

/** Says all of `bytes` to a player, cut into pieces of these sizes. */
async function say(to: Player, text: string, sizes: readonly number[]): Promise<void> {
  const bytes = new TextEncoder().encode(text);
  let at = 0;
  for (const size of sizes) await to.write(bytes.subarray(at, at += size));
}

async function hear(from: Player, length: number): Promise<string> {
  let text = "";
  while (text.length < length) text += new TextDecoder().decode((await from.read())!);
  return text;
}

Deno.test("however our side is cut, the player says its own and is done", async () => {
  const random = new SeededRandom(3);
  const recording = await readRecording(BENCH);
  const turns = [["*IDN?\n", "KORAD KD3305P V4.2\n"], ["VSET1:5.00\nVOUT1?\n", "5.00\n"]];
  const cuts = [
    (length: number) => [length],
    (length: number) => Array<number>(length).fill(1),
    ...Array.from({ length: 30 }, () => (length: number) => random.sizes(length)),
  ];
  for (const cut of cuts) {
    const transport = player(recording);
    for (const [ours, theirs] of turns) {
      await say(transport, ours, cut(ours.length));
      assert.equal(await hear(transport, theirs.length), theirs);
    }
    assert.equal(transport.isDone, true);
    transport.close();
    await transport.finished;
  }
});

Deno.test("the player says nothing before its turn, and all at once what we have said early", async () => {
  const recording = await conversation("<hi\n", ">a\n", "<1\n", "<2\n", ">b\n", "<3\n");
  const transport = player(recording);
  assert.equal(await hear(transport, 3), "hi\n");
  await say(transport, "a\nb\n", [4]);
  assert.equal(await hear(transport, 6), "1\n2\n3\n");
  transport.close();
  await transport.finished;
});

Deno.test("wherever our side differs, the first byte of it is told, however it is cut", async () => {
  const random = new SeededRandom(9);
  const recording = await readRecording(BENCH);
  const ours = "*IDN?\nVSET1:5.00\nVOUT1?\n";
  const lines = [[0, 6, 1, 5], [6, 17, 3, 9], [17, 24, 3, 11]]; // from, to, step, line of the recording
  for (let at = 0; at < ours.length; at++) {
    const wrong = `${ours.slice(0, at)}\x07${ours.slice(at + 1)}`;
    const [from, to, step, line] = lines.find(([, to]) => at < to)!;
    for (const sizes of [[wrong.length], Array<number>(wrong.length).fill(1), random.sizes(wrong.length)]) {
      const transport = player(recording);
      transport.finished.catch(() => {});
      await say(transport, wrong, sizes).catch(() => {}); // the link ends in the middle of it
      const error = await transport.finished.then(() => assert.fail("it has matched"), (error) => error);
      assert(error instanceof MismatchError);
      assert.deepEqual([error.step, error.line], [step, line], `byte ${at}`);
      assert.match(error.message, new RegExp(`byte ${at - from + 1} is 0x07, not 0x`), error.message);
      assert.equal(new TextDecoder().decode(error.expected as Uint8Array), ours.slice(from, to));
      // deno-lint-ignore no-control-regex
      assert.doesNotMatch(error.message, /[\x00-\x1f]/);
      transport.close();
    }
  }
});

Deno.test("reading tells of a mismatch, and so does an end that comes too early", async () => {
  const recording = await conversation(">a\n", "<1\n", ">b\n");
  const wrong = player(recording);
  await wrong.write(new TextEncoder().encode("c\n"));
  await assert.rejects(wrong.read(), {
    code: "mismatch",
    message: "psu: mismatch at step 1 (line 3 of " + recording.path +
      '): this side was to say "a\\n", and "c\\n" came; byte 1 is 0x63 (c), not 0x61 (a)',
  });
  wrong.close();
  const early = player(recording);
  await say(early, "a\n", [2]);
  assert.equal(await hear(early, 2), "1\n");
  early.close();
  await assert.rejects(early.finished, {
    message: /step 3 .* was to say "b\\n", and nothing came; this side has ended the link/,
  });
  const more = player(recording);
  await say(more, "a\nb\nc\n", [6]);
  await assert.rejects(more.finished, { message: /was to say nothing more, and "c\\n" came$/ });
  more.close();
});

Deno.test("what may differ in a line is left out, however it is cut", async () => {
  const random = new SeededRandom(21);
  const recording = await conversation(">set 12:00:01 5", ">.0\nget\n", "<5\n> ", ">now 12:00:02\n", "<ok\n");
  for (let round = 0; round < 20; round++) {
    const transport = player(recording, { ignore: /\d\d:\d\d:\d\d/ });
    const ours = "set 09:13:59 5.0\nget\n";
    await say(transport, ours, round === 0 ? [ours.length] : random.sizes(ours.length));
    assert.equal(await hear(transport, 4), "5\n> ");
    await say(transport, "now 1:2 23:59:59\n".replace("1:2 ", ""), [13]);
    assert.equal(await hear(transport, 3), "ok\n");
    transport.close();
    await transport.finished;
  }
  const wrong = player(recording, { ignore: /\d\d:\d\d:\d\d/ });
  await say(wrong, "set 09:13:59 6.0\n", [17]);
  await assert.rejects(wrong.finished, {
    message: /"set 09:13:59 6.0\\n" came; they differ beside what is ignored$/,
  });
  wrong.close();
  // The prompt of the other side has no line feed.
  const theirs = player(recording, { says: "out", ignore: /\d/ });
  assert.equal(await hear(theirs, 20), "set 12:00:01 5.0\nget\n");
  await say(theirs, "7\n> ", [1, 2, 1]);
  assert.equal(await hear(theirs, 13), "now 12:00:02\n");
  await say(theirs, "ok\n", [3]);
  theirs.close();
  await theirs.finished;
});

Deno.test("a line that was spoken into when it was recorded may come whole", async () => {
  const recording = await conversation(">set 12:00", "<tick\n", ">:01 5\nget\n", "<5\n");
  for (const ignore of [undefined, /\d\d:\d\d(:\d\d)?/]) {
    const transport = player(recording, { ignore });
    const ours = ignore === undefined ? "set 12:00:01 5\nget\n" : "set 07:30:59 5\nget\n";
    await say(transport, ours, [ours.length]);
    assert.equal(await hear(transport, 7), "tick\n5\n");
    transport.close();
    await transport.finished;
  }
});

Deno.test("the side that has ended the link does so again", async () => {
  const end = { ms: 9, event: "down", link: "psu", reason: "reset", byUs: false };
  const link = {
    ms: 0,
    event: "link",
    link: "psu",
    address: "tcp://127.0.0.1:1",
    role: "client",
    dialect: "lines",
  };
  const bye = { ms: 1, link: "psu", direction: "in", text: "bye\n" };
  const recording = await readText(
    [HEADER, ...[link, bye, end].map((each) => JSON.stringify(each)), ""].join("\n"),
  );
  const transport = player(recording);
  assert.equal(await hear(transport, 4), "bye\n");
  assert.equal(await transport.read(), null);
  transport.close();
  await transport.finished;
});

Deno.test("bytes of every value are played as they were, and told in hexadecimal", async () => {
  const bytes = new SeededRandom(1).bytes(3000);
  const link = {
    ms: 0,
    event: "link",
    link: "psu",
    address: "tcp://127.0.0.1:1",
    role: "client",
    dialect: "raw",
  };
  const line = { ms: 0, link: "psu", direction: "out", base64: bytes.toBase64() };
  const recording = await readText([HEADER, JSON.stringify(link), JSON.stringify(line), ""].join("\n"));
  const right = player(recording);
  await right.write(bytes);
  right.close();
  await right.finished;
  const wrong = player(recording);
  const changed = bytes.slice();
  changed[2000] ^= 0xff;
  await wrong.write(changed);
  const error = await wrong.finished.then(() => assert.fail("it has matched"), (error) => error);
  assert.match(error.message, /(…[0-9a-f ]+|…"[^"]*"|"[^"]*"|[0-9a-f ]{8,})/);
  assert(error.message.length < 900, `${error.message.length}`);
  wrong.close();
});

Deno.test("a link that is not there is told with those that are", async () => {
  const recording = await readRecording(BENCH);
  assert.throws(() => player(recording, { link: "psx" }), {
    code: "no_such_link",
    message: /no link "psx"; did you mean "psu"/,
  });
  assert.throws(() => player(recording, { peer: "x" }), { code: "nothing_recorded" });
  assert.throws(() => player(recording, { likn: "psu" } as never), {
    message: /Unknown option "likn" of player\(\); did you mean "link"/,
  });
});
