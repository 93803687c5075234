import assert from "node:assert/strict";
import { SeededRandom } from "../../src/testing/seeded_random.ts";
import { deckSize, FaultDeck, SERIAL_CARDS, TCP_CARDS } from "./fault_deck.ts";
import { Journal } from "./journal.ts";
import { parseOptions } from "./options.ts";
import { brokenPromises, isKept, reportRun } from "./report.ts";
import { run } from "./run.ts";
import { mostWithin } from "./storm_figure.ts";
import { judge } from "./verdict.ts";

const ON_LINUX = { ignore: Deno.build.os !== "linux" };

Deno.test("links, servers and clients that break lose, double and forget nothing", async () => {
  const faults = deckSize(TCP_CARDS);
  const outcome = await run({ line: "tcp", seed: 1, faults, seconds: 60, clients: 2, inFlight: 16 });
  assert(isKept(outcome), reportRun(outcome, 0));
  assert.equal(outcome.faults.size, 13, reportRun(outcome, 0)); // each kind of fault has happened
  assert(outcome.resumed > 0 && outcome.verdict.answered > 100, reportRun(outcome, 0));
});

Deno.test(
  "serial lines, servers and clients that break lose, double and forget nothing",
  ON_LINUX,
  async () => {
    const kinds = Object.keys(SERIAL_CARDS).filter((kind) => !kind.startsWith("long"));
    const cards = Object.fromEntries(kinds.map((kind) => [kind, 1]));
    const faults = deckSize(cards);
    const outcome = await run({
      line: "serial",
      seed: 1,
      faults,
      seconds: 60,
      clients: 2,
      inFlight: 8,
      cards,
    });
    assert(isKept(outcome), reportRun(outcome, 0));
    assert.equal(outcome.faults.size, kinds.length, reportRun(outcome, 0));
    // Whether a session outlives its link is a matter of chance here: the unplugged end may be the one that is killed.
    assert(outcome.verdict.answered > 100, reportRun(outcome, 0));
  },
);

Deno.test("FaultDeck deals every fault before it begins again", () => {
  const size = deckSize(TCP_CARDS);
  const deck = new FaultDeck(2 * size, TCP_CARDS, new SeededRandom(1));
  const draw = () => Array.from({ length: size }, () => deck.draw()).sort();
  const first = draw();
  assert.equal(new Set(first).size, 13);
  assert.deepEqual(draw(), first);
  assert.equal(deck.draw(), undefined);
});

Deno.test("judge finds every promise that was broken", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const write = (name: string, lines: string[][]) => {
      using journal = new Journal(`${folder}/${name}`);
      for (const line of lines) journal.write(...line);
      return `${folder}/${name}`;
    };
    const servers = [
      write("server-1", [
        ["E", "request:c:1"],
        ["E", "request:c:2"],
        ["E", "request:c:2"],
        ["E", "keyed:c:3"],
        ["E", "never:c:4"],
        ["E", "send:c:6"],
        ["E", "back:c:10"],
      ]),
      write("server-2", [
        ["O", "back:c:10"],
        ["E", "keyed:c:3"],
        ["E", "never:c:4"],
      ]),
    ];
    const client = write("client", [
      ["A", "request:c:1"],
      ["A", "keyed:c:3"],
      ["A", "action:c:5"],
      ["F", "send:c:6", "timeout", "not-sent"],
      ["W", "request:c:7", "wanted 1 part"],
      ["O", "request:c:8", "open"],
      ["F", "request:c:9", "TypeError", "none"],
      ["F", "cancelled:c:11", "cancelled", "unknown"],
      ["F", "short:c:13", "timeout", "unknown"],
      ["F", "keyed:c:14", "unknown_outcome", "unknown"],
      ["F", "request:c:15", "unknown_outcome", "unknown"],
      ["E", "back:c:10"],
      ["A", "back:c:10"],
      ["A", "plain:c:12"],
    ]);
    const { settled: _, failed, ...found } = await judge(servers, [client]);
    assert.deepEqual(found, {
      answered: 5,
      executed: 9,
      repeated: 1,
      lost: ["action:c:5"],
      doubled: ["request:c:2", "never:c:4"],
      denied: ["send:c:6: timeout"],
      wrong: ["request:c:7: wanted_1_part"],
      overdue: ["back:c:10: in the server", "request:c:8: open"],
      unexplained: [
        "send:c:6: timeout (not-sent)",
        "request:c:9: TypeError (none)",
        "keyed:c:14: unknown_outcome (unknown)",
      ],
    });
    assert.equal(failed.get("timeout (not-sent)"), 1);
    assert.equal(brokenPromises({ ...found, settled: new Map(), failed }).length, 6);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("mostWithin counts the fullest window", () => {
  assert.equal(mostWithin([], 100), 0);
  assert.equal(mostWithin([500, 0, 50, 99, 100, 199], 100), 3);
});

Deno.test("parseOptions refuses what it does not know", () => {
  assert.deepEqual(parseOptions(["--seconds", "5", "--seed", "3"]).seconds, 5);
  assert.equal(parseOptions(["--storm"]).clients, 1000);
  assert.equal(parseOptions(["--line", "serial"]).line, "serial");
  assert.throws(() => parseOptions(["--line", "string"]), RangeError);
  assert.equal(parseOptions(["--resume", "--rounds", "7"]).rounds, 7);
  assert.throws(() => parseOptions(["--faults", "0"]), RangeError);
  assert.throws(() => parseOptions(["--fast"]), TypeError);
});
