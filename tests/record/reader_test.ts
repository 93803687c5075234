import assert from "node:assert/strict";
import { readRecording, RecordingError } from "@parley/parley";
import { SeededRandom } from "../../src/testing/seeded_random.ts";
import { BENCH, inTemp, readText, said } from "./recordings.ts";

const HEADER =
  '{"format":"parley-recording","version":1,"started":"2026-11-22T00:00:00.000Z","parley":"0.1.0"}';
const LINK =
  '{"ms":0,"event":"link","link":"psu","address":"tcp://127.0.0.1:1","role":"client","dialect":"lines"}';

Deno.test("a recording tells its links, what passed on them, and when", async () => {
  const recording = await readRecording(BENCH);
  assert.equal(recording.problem, undefined);
  const [{ name, address, role, dialect, connections }] = recording.links;
  assert.deepEqual([name, address, role, dialect], ["psu", "tcp://127.0.0.1:15025", "client", "lines"]);
  assert.deepEqual(said(recording), [
    "out *IDN?\n",
    "in KORAD KD3305P V4.2\n",
    "out VSET1:5.00\n",
    "out VOUT1?\n",
    "in 5.00\n",
  ]);
  assert.equal(connections.length, 1);
  assert.equal(connections[0].end?.byUs, true);
  const values = connections[0].entries.filter((entry) => entry.kind === "said");
  assert.equal((values[0].traffic as { value: unknown }).value, "*IDN?");
});

Deno.test("what is no recording is told with the next step", async (t) => {
  const cases: [string, string, string, RegExp][] = [
    ["an empty file", "", "empty", /the file is empty, nothing was recorded; record again$/],
    ["a text", "hello\nworld\n", "not_a_recording", /it is no recording, its first line is not \{"format"/],
    ["other JSON", '{"a":1}\n', "not_a_recording", /it is no recording/],
    ["a cut header", HEADER.slice(0, 40), "not_a_recording", /it is no recording/],
    [
      "a newer version",
      HEADER.replace('"version":1', '"version":2'),
      "newer_version",
      /version 2 .* reads up to 1; use the newer/,
    ],
    [
      "a bad time",
      HEADER.replace("2026-11-22T", "x"),
      "damaged",
      /line 1 is damaged, its "started" is no time; record again/,
    ],
    [
      "a line that is none",
      `${HEADER}\n{"ms":\n${LINK}\n`,
      "damaged",
      /line 2 is damaged, it is no JSON object; the 1 lines before/,
    ],
    [
      "a link of which nothing tells",
      `${HEADER}\n{"ms":1,"link":"x","direction":"in","text":""}\n`,
      "damaged",
      /the link "x"/,
    ],
    [
      "a line without bytes",
      `${HEADER}\n${LINK}\n{"ms":1,"link":"psu","direction":"in"}\n`,
      "damaged",
      /neither "text" nor "base64"/,
    ],
    [
      "a line of no direction",
      `${HEADER}\n${LINK}\n{"ms":1,"link":"psu","direction":"up","text":""}\n`,
      "damaged",
      /not in or out/,
    ],
    [
      "a bad role",
      `${HEADER}\n${LINK.replace('"client"', '"x"')}\n`,
      "damaged",
      /"role" is not client or server/,
    ],
  ];
  for (const [what, text, code, message] of cases) {
    await t.step(what, async () => {
      await assert.rejects(readText(text), (error) => {
        assert(error instanceof RecordingError);
        assert.equal(error.code, code);
        assert.match(error.message, message);
        assert.doesNotMatch(error.message, /\n/);
        return true;
      });
    });
  }
  await t.step("no file, and a directory", async () => {
    await assert.rejects(readRecording("/nowhere/at all"), { code: "no_such_path", name: "RecordingError" });
    await inTemp((folder) =>
      assert.rejects(readRecording(folder), { code: "not_a_file", message: /it is a directory/ })
    );
  });
});

Deno.test("what was said is read only where it makes sense", async () => {
  const line = (content: object) =>
    `${HEADER}\n${LINK}\n${JSON.stringify({ ms: 1, link: "psu", direction: "in", ...content })}\n`;
  await assert.rejects(readText(line({ said: "request", name: "a", args: "b" })), {
    code: "damaged",
    message: /"args" is no list/,
  });
  await assert.rejects(readText(line({ said: "answer", value: 1 })), {
    code: "damaged",
    message: /"name" is no text/,
  });
  const newer = await readText(line({ said: "song", name: 1 }));
  assert.equal(newer.links[0].connections.length, 0);
  const omitted = await readText(line({ said: "request", name: "a", omitted: 100_000 }));
  const [entry] = omitted.links[0].connections[0].entries;
  assert(entry.kind === "said" && entry.traffic.kind === "request");
  assert.deepEqual(entry.traffic.args, []);
});

Deno.test("what a newer writer has added is passed over", async () => {
  const recording = await readText(
    `${
      HEADER.replace("}", ',"colour":"red"}')
    }\n${LINK}\n{"ms":1,"event":"weather"}\n{"ms":1,"event":"hum","link":"psu"}\n` +
      '{"ms":2,"link":"psu","direction":"out","text":"a","mood":"good"}\r\n\n',
  );
  assert.deepEqual(said(recording), ["out a"]);
});

Deno.test("a recording that is cut anywhere is read up to its last whole line, or refused in one line", async () => {
  const whole = await Deno.readFile(BENCH);
  const lineEnds = [...whole.keys()].filter((at) => whole[at] === 0x0a).map((at) => at + 1);
  const random = new SeededRandom(7);
  const cuts = [...lineEnds, ...Array.from({ length: 60 }, () => random.below(whole.length))];
  for (const cut of cuts) {
    const bytes = whole.subarray(0, cut);
    if (cut < lineEnds[0] - 1) {
      await assert.rejects(readText(bytes), { name: "RecordingError" });
      continue;
    }
    const recording = await readText(bytes);
    const lines = lineEnds.filter((end) => end <= cut || end - 1 === cut).length;
    assert.equal(recording.lines, lines, `cut at ${cut}`);
    const isWhole = lineEnds.includes(cut) || lineEnds.includes(cut + 1);
    assert.equal(recording.problem !== undefined, !isWhole, `cut at ${cut}`);
    if (!isWhole) {
      assert.match(
        recording.problem!,
        new RegExp(`is cut in its line ${lines + 1}: what is before it is used`),
      );
    }
  }
});

Deno.test("garbage in a recording is refused in one line or read, and never anything else", async () => {
  const whole = await Deno.readFile(BENCH);
  const random = new SeededRandom(11);
  let refused = 0;
  for (let round = 0; round < 150; round++) {
    const bytes = whole.slice();
    for (let count = 1 + random.below(4); count > 0; count--) {
      bytes[random.below(bytes.length)] = random.below(256);
    }
    try {
      await readText(bytes);
    } catch (error) {
      assert(error instanceof RecordingError, String(error));
      // deno-lint-ignore no-control-regex
      assert.doesNotMatch(error.message, /[\x00-\x1f\x7f-\x9f]/);
      refused++;
    }
  }
  assert(refused > 20, `${refused} of 150 were refused`);
});
