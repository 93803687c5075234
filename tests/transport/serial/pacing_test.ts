import { ClosedError, TimeoutError, UsageRangeError, UsageTypeError } from "@parley/parley";
import assert from "node:assert/strict";
import { Naps } from "../../../src/transport/serial/naps.ts";
import { checkPacing, Pacer } from "../../../src/transport/serial/pacing.ts";
import type { SerialLine } from "../../../src/transport/serial/serial_line.ts";
import { ascii, cable, failure, takeText, WITH_PORTS } from "./open_lines.ts";

/** Reads and drops what comes, as a link does all the time. */
async function listen(line: SerialLine): Promise<void> {
  while (await line.read() !== null);
}

/** Reads up to `end`, and answers each piece that comes; the pieces. */
async function answer(line: SerialLine, end: string, words: (piece: string) => string): Promise<string[]> {
  const pieces: string[] = [];
  while (!pieces.join("").endsWith(end)) {
    const piece = new TextDecoder().decode(await line.read() ?? assert.fail("closed"));
    pieces.push(piece);
    await line.write(ascii(words(piece)));
  }
  return pieces;
}

/** Bytes cross another cable, back and forth: what was about to happen here has happened by then. */
async function cross(): Promise<void> {
  await using other = await cable();
  for (let turn = 0; turn < 20; turn++) {
    await other.a.write(Uint8Array.of(turn));
    await other.b.read();
    await other.b.write(Uint8Array.of(turn));
    await other.a.read();
  }
}

Deno.test("each line waits for the prompt after the one before it", WITH_PORTS, async () => {
  await using lines = await cable({}, { prompt: "> " });
  const listening = listen(lines.a);
  const text = "one\ntwo\r\n\nthree\rfour";
  const writing = lines.a.write(ascii(text));
  // The prompt is behind an answer with half a prompt in it.
  assert.deepEqual(await answer(lines.b, "four", (piece) => `${piece}>x>> `), [
    "one\n",
    "two\r\n",
    "\n",
    "three\r",
    "four",
  ]);
  await writing;
  // The last one was no line: what follows leaves without a prompt.
  await lines.a.write(ascii("!"));
  assert.equal(await takeText(lines.b, 1), "!");
  lines.a.close();
  await listening;
});

Deno.test("a prompt that comes in parts is one", WITH_PORTS, async () => {
  await using lines = await cable({}, { prompt: "ok\r\n" });
  const listening = listen(lines.a);
  const writing = lines.a.write(ascii("a\nb\n"));
  assert.equal(await takeText(lines.b, 2), "a\n");
  for (const part of ["oo", "k", "\r"]) await lines.b.write(ascii(part));
  await lines.b.write(ascii("\n"));
  assert.equal(await takeText(lines.b, 2), "b\n");
  await writing;
  lines.a.close();
  await listening;
});

Deno.test(
  "bytes with a wait between them come in their order, and CR LF asks for one prompt",
  WITH_PORTS,
  async () => {
    await using lines = await cable({}, { byteMs: 0.01, prompt: ">" });
    const listening = listen(lines.a);
    const writing = lines.a.write(ascii("AT\r\nI\r\n"));
    assert.equal(await takeText(lines.b, 4), "AT\r\n");
    await lines.b.write(ascii(">"));
    assert.equal(await takeText(lines.b, 3), "I\r\n");
    await writing;
    lines.a.close();
    await listening;
  },
);

Deno.test("a byte or a line leaves, and the next one waits", WITH_PORTS, async () => {
  const cases = [[{ byteMs: 600_000 }, "o"], [{ lineMs: 600_000 }, "one\n"]] as const;
  for (const [pacing, first] of cases) {
    await using lines = await cable({}, pacing);
    const failed = failure(lines.a.write(ascii("one\ntwo\n")));
    assert.equal(await takeText(lines.b, first.length), first);
    await cross();
    assert.equal(lines.a.writtenBytes, first.length);
    lines.a.close();
    await failed;
  }
});

Deno.test("what waits little comes whole and in its order", WITH_PORTS, async () => {
  const text = "one\ntwo\r\nthree\rfour".repeat(10);
  for (const pacing of [{ byteMs: 0.01 }, { lineMs: 0.01 }, { byteMs: 0.01, lineMs: 0.01 }, {}]) {
    await using lines = await cable({}, pacing);
    const writing = Promise.all([lines.a.write(ascii(text)), lines.a.write(ascii("!"))]);
    assert.equal(await takeText(lines.b, text.length + 1), `${text}!`);
    await writing;
  }
});

Deno.test("a prompt that never comes fails the write, and says how long was waited", WITH_PORTS, async () => {
  await using lines = await cable({}, { prompt: "> ", promptMs: 1 });
  const listening = listen(lines.a);
  const error = await failure(lines.a.write(ascii("one\ntwo\n")));
  assert.ok(error instanceof TimeoutError);
  assert.equal(error.code, "timeout");
  assert.equal(error.message, `The prompt "> " did not come within 1 ms after a line (pacing.promptMs)`);
  assert.equal(await takeText(lines.b, 4), "one\n");
  lines.a.close();
  await listening;
});

Deno.test("a prompt that nobody could see is told as such", WITH_PORTS, async () => {
  await using lines = await cable({}, { prompt: "> ", promptMs: 1 });
  const error = await failure(lines.a.write(ascii("one\ntwo\n"))) as Error;
  assert.match(
    error.message,
    /within 1 ms .*: what comes is not read, .*use onReceive, receive\(\) or for await$/,
  );
});

Deno.test("a prompt that has come leaves no timer behind", async () => {
  const pacer = new Pacer({ prompt: "> ", promptMs: 600_000 }, new Naps(), () => true);
  pacer.left(ascii("one\n"), 4);
  const turn = pacer.turn();
  pacer.heard(ascii("> "));
  await turn;
});

Deno.test("closing ends every wait of pacing", WITH_PORTS, async () => {
  for (const pacing of [{ byteMs: 600_000 }, { lineMs: 600_000 }, { prompt: ">", promptMs: 600_000 }]) {
    await using lines = await cable({}, pacing);
    const failed = failure(lines.a.write(ascii("\nb\n")));
    assert.equal(await takeText(lines.b, 1), "\n");
    lines.a.close();
    assert.ok(await failed instanceof ClosedError);
  }
});

Deno.test("unplugging ends every wait of pacing", WITH_PORTS, async () => {
  for (const pacing of [{ byteMs: 600_000 }, { prompt: ">", promptMs: 600_000 }]) {
    await using lines = await cable({}, pacing);
    const failed = failure(lines.a.write(ascii("\nb\n")));
    const reading = failure(lines.a.read());
    assert.equal(await takeText(lines.b, 1), "\n");
    await lines.pair.a.unplug();
    assert.equal((await failed as { code?: string }).code, "unplugged");
    await reading;
  }
});

Deno.test("pacing that makes no sense is refused", () => {
  const cases: [unknown, RegExp, typeof UsageTypeError | typeof UsageRangeError][] = [
    [null, /Cannot use null as "pacing": an object such as \{ byteMs: 2 \} is wanted/, UsageTypeError],
    [5, /Cannot use 5 as "pacing"/, UsageTypeError],
    [{ bytesMs: 2 }, /Unknown option "bytesMs" of pacing; did you mean "byteMs"\?/, UsageTypeError],
    [{ byteMs: "2" }, /Cannot use 2 as "pacing.byteMs": milliseconds are wanted/, UsageTypeError],
    [{ lineMs: -1 }, /0 to 600000 ms are wanted/, UsageRangeError],
    [{ lineMs: NaN }, /0 to 600000 ms are wanted/, UsageRangeError],
    [{ promptMs: 600_001 }, /0 to 600000 ms are wanted/, UsageRangeError],
    [{ prompt: "" }, /text of 1 to 256 bytes is wanted/, UsageTypeError],
    [{ prompt: "é".repeat(129) }, /text of 1 to 256 bytes is wanted/, UsageTypeError],
    [{ prompt: /x/ }, /text of 1 to 256 bytes is wanted/, UsageTypeError],
  ];
  for (const [pacing, text, Kind] of cases) {
    assert.throws(() => checkPacing(pacing), (error) => {
      assert.ok(error instanceof Kind, String(error));
      assert.match(error.message, text);
      return true;
    });
  }
  checkPacing({ byteMs: undefined, lineMs: 0, prompt: ">" });
});
