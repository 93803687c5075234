import assert from "node:assert/strict";
import { caseRandom } from "./case_random.ts";
import { Digest } from "./digest.ts";
import { parseOptions } from "./options.ts";
import { readSizes } from "./pieces.ts";
import { passed, reportRun } from "./report.ts";
import { runTarget } from "./run.ts";
import { targets } from "./table.ts";
import { BrokenRule, type Target } from "./target.ts";
import { SeededRandom } from "../../src/testing/seeded_random.ts";
import { noiseBytes } from "./noise.ts";

/** Inputs of each target here; `deno task fuzz` feeds a million. */
const INPUTS = 1000;

for (const target of targets) {
  Deno.test(`${target.about}: ${INPUTS} inputs break no rule`, () => {
    const result = runTarget(target, { seed: 1, inputs: INPUTS });
    assert.deepEqual(result.failures, [], reportRun(result, 1));
    // Otherwise the inputs were all noise, or all harmless, and the run says nothing.
    assert(result.accepted > 0, "nothing was accepted");
    assert(result.refused.size > 0 || target.acceptsAll, "nothing was refused");
  });
}

Deno.test("equal seeds give equal inputs, each of which can be made alone", () => {
  for (const target of targets) {
    const made = (index: number, seed: number) => target.make(caseRandom(seed, target.name, index)).show();
    const some = (seed: number) => Array.from({ length: 20 }, (_, index) => made(index, seed));
    assert.deepEqual(some(7), some(7), target.name);
    assert.notDeepEqual(some(7), some(8), target.name);
    assert.equal(made(13, 7), some(7)[13]);
  }
});

/** Reads bytes that end with 0x00, and breaks the rule asked for at the byte 0x01. */
function broken(how: "escape" | "rule" | "split" | "pollute" | "none"): Target {
  return {
    name: "broken",
    about: "A reader that breaks a rule",
    make(random) {
      const bytes = noiseBytes(random, 40, [0, 1]);
      return {
        size: bytes.length,
        feed(sizes, lap) {
          const digest = new Digest();
          if (bytes.includes(1)) {
            if (how === "escape") throw new RangeError("out of reach");
            if (how === "rule") throw new BrokenRule("too much of it");
            if (how === "split") digest.number(sizes.length);
            if (how === "pollute") (Object.prototype as Record<string, unknown>).polluted = true;
          }
          lap();
          return { digest: digest.value, refused: bytes[0] === 0 ? ["zero"] : [] };
        },
        show: () => `first byte ${bytes[0]}`,
      };
    },
  };
}

Deno.test("runTarget finds what escapes, what breaks a rule, and what depends on how the input was cut", () => {
  const failing = (how: Parameters<typeof broken>[0], inputs = 200) => {
    const result = runTarget(broken(how), { seed: 3, inputs });
    assert.equal(passed(result), how === "none");
    return result.failures;
  };
  assert.deepEqual(failing("none"), []);
  assert.equal(failing("rule").length, 10); // more of them say the same
  assert.equal(failing("rule")[0].reason, "too much of it");
  assert.match(failing("escape")[0].reason, /^Escaped: RangeError: out of reach/);
  assert.match(failing("escape")[0].input, /^first byte \d+$/);
  assert.match(failing("split")[0].reason, /pieces something else came out/);
  try {
    assert.match(failing("pollute")[0].reason, /Object\.prototype has got a property "polluted"/);
  } finally {
    Reflect.deleteProperty(Object.prototype, "polluted");
  }
});

Deno.test("a failure is reported with the one command that feeds its input again", () => {
  const result = runTarget(broken("rule"), { seed: 3, inputs: 200 });
  const [{ index }] = result.failures;
  const report = reportRun(result, 3);
  assert.match(report, /^FAIL broken: \d+ inputs, \d+\/s; accepted \d+; refused (none|zero \d+); slowest/);
  assert(report.includes(`     too much of it\n     input: first byte`));
  assert(report.includes(`again: deno task fuzz --target broken --seed 3 --only ${index}\n`));
  const again = runTarget(broken("rule"), { seed: 3, inputs: 200, only: index });
  assert.deepEqual(again.failures, [result.failures[0]]);
  assert.equal(again.inputs, 1);
});

Deno.test("parseOptions refuses what it does not know", () => {
  assert.deepEqual(parseOptions([], ["a"]), { inputs: 1_000_000, seed: 1, targets: [], only: undefined });
  assert.deepEqual(parseOptions(["--target", "a", "--only", "7", "--seed", "0"], ["a"]), {
    inputs: 1_000_000,
    seed: 0,
    targets: ["a"],
    only: 7,
  });
  assert.throws(
    () => parseOptions(["--target", "c"], ["a", "b"]),
    /Unknown target "c": the targets are a, b/,
  );
  assert.throws(() => parseOptions(["--only", "7"], ["a"]), TypeError);
  assert.throws(() => parseOptions(["--inputs", "0"], []), RangeError);
  assert.throws(() => parseOptions(["--inputs", "1.5"], []), RangeError);
  assert.throws(() => parseOptions(["--seed", "x"], []), RangeError);
  assert.throws(() => parseOptions(["--fast"], []), TypeError);
});

Deno.test("readSizes cuts as long reads do, and the pieces are all of it", () => {
  assert.deepEqual(readSizes(0), [0]);
  assert.deepEqual(readSizes(65_536), [65_536]);
  assert.deepEqual(readSizes(65_537), [65_536, 1]);
});

Deno.test("Digest tells values apart that are alike", () => {
  const values = [
    0,
    -0,
    1,
    1.5,
    1n,
    "1",
    "",
    null,
    undefined,
    true,
    [],
    [[]],
    {},
    { a: 1 },
    { a: "1" },
    new Uint8Array(0),
    Uint8Array.of(1),
    new Date(1),
    new RangeError("x"),
    2 ** 40,
    NaN,
  ];
  const digests = values.map((value) => {
    const digest = new Digest();
    digest.any(value);
    return digest.value;
  });
  assert.equal(new Set(digests).size, values.length);
  const random = new SeededRandom(1);
  const bytes = random.bytes(100);
  const [one, other] = [new Digest(), new Digest()];
  one.run(bytes);
  other.run(bytes.subarray(0, 30));
  other.run(bytes.subarray(30));
  assert.equal(one.value, other.value);
});
