import assert from "node:assert/strict";
import { check, CheckError, type CheckOptions, type CheckOutcome, RemoteError } from "../../mod.ts";

/** What the checks that `run` makes come to: each one is heard as a program that prints by itself hears it. */
async function heard(run: () => unknown): Promise<CheckOutcome[]> {
  const outcomes: CheckOutcome[] = [];
  const onCheck = (event: Event) => {
    event.preventDefault();
    outcomes.push((event as CustomEvent<CheckOutcome>).detail);
  };
  globalThis.addEventListener("parley:check", onCheck);
  try {
    await run();
  } finally {
    globalThis.removeEventListener("parley:check", onCheck);
  }
  return outcomes;
}

const cases: [string, () => unknown, boolean, string][] = [
  ["near", () => check(5.01).near(5, 0.05), true, "5.01 is within 0.05 of 5"],
  ["near, too far", () => check(5.2).near(5, 0.05), false, "5.2 is not within 0.05 of 5"],
  ["near, on the edge in decimal", () => check(1.1).near(1, 0.1), true, "1.1 is within 0.1 of 1"],
  ["near, above the edge", () => check(1.1001).near(1, 0.1), false, "1.1001 is not within 0.1 of 1"],
  [
    "near, the text of an instrument",
    () => check(" +5.010E+00\r").near(5, 0.05),
    true,
    '" +5.010E+00\\r" is within 0.05 of 5',
  ],
  ["near, with a unit", () => check("5.01 V").near(5, 0.05), false, '"5.01 V" is no number within 0.05 of 5'],
  ["near, no text at all", () => check("").near(0, 1), false, '"" is no number within 1 of 0'],
  ["near, hexadecimal", () => check("0x5").near(5, 1), false, '"0x5" is no number within 1 of 5'],
  ["near, a big integer", () => check(5n).near(5, 0), true, "5n is within 0 of 5"],
  ["near, not a number", () => check(NaN).near(5, 1), false, "NaN is no number within 1 of 5"],
  ["near, infinite", () => check(Infinity).near(5, 1), false, "Infinity is not within 1 of 5"],
  ["near, null", () => check(null).near(0, 1), false, "null is no number within 1 of 0"],
  ["within", () => check(4.9).within(4.9, 5.1), true, "4.9 is from 4.9 to 5.1"],
  ["within, above", () => check("5.2").within(4.9, 5.1), false, '"5.2" is not from 4.9 to 5.1'],
  [
    "equals",
    () => check({ a: [1, new Date(0)] }).equals({ a: [1, new Date(0)] }),
    true,
    "{ a: [ 1, 1970-01-01T00:00:00.000Z ] } is { a: [ 1, 1970-01-01T00:00:00.000Z ] }",
  ],
  [
    "equals, what JSON.parse of a careful dialect gives",
    () => check(Object.assign(Object.create(null), { a: 1 })).equals({ a: 1 }),
    true,
    "[Object: null prototype] { a: 1 } is { a: 1 }",
  ],
  [
    "equals, bytes",
    () => check(new Uint8Array([1, 2])).equals(new Uint8Array([1, 2])),
    true,
    "Uint8Array(2) 01 02 is Uint8Array(2) 01 02",
  ],
  ["equals, another type", () => check(5).equals("5"), false, '5 is not "5"'],
  [
    "equals, deep inside",
    () => check({ b: { "c d": [1, 2] } }).equals({ b: { "c d": [1, 3] } }),
    false,
    '{ b: { "c d": [ 1, 2 ] } } is not { b: { "c d": [ 1, 3 ] } }: .b["c d"][1] is 2, not 3',
  ],
  ["equals, one missing", () => check({}).equals({ bat: 1 }), false, "{} is not { bat: 1 }: .bat is missing"],
  ["equals, one more", () => check([1]).equals([]), false, "[ 1 ] is not []: [0] is not wanted"],
  ["matches", () => check("KORAD KD3305P").matches(/^KORAD/), true, '"KORAD KD3305P" matches /^KORAD/'],
  ["matches not", () => check("OWON").matches(/^KORAD/), false, '"OWON" does not match /^KORAD/'],
  ["matches, no text", () => check(5).matches(/5/), false, "5 is no text, which matches /5/"],
  ["includes, text", () => check("a,b").includes("b"), true, '"a,b" includes "b"'],
  [
    "includes, an equal item",
    () => check([{ a: 1 }]).includes({ a: 1 }),
    true,
    "[ { a: 1 } ] includes { a: 1 }",
  ],
  [
    "includes, bytes",
    () => check(new Uint8Array([1, 2, 3])).includes(new Uint8Array([2, 3])),
    true,
    "Uint8Array(3) 01 02 03 includes Uint8Array(2) 02 03",
  ],
  ["includes, nothing to look in", () => check(5).includes(5), false, "5 is nothing that could include 5"],
  ["satisfies", () => check(5).satisfies((value) => value > 3), true, "5 satisfies (value)=>value > 3"],
  ["a label", () => check(5.2, "rail").near(5, 0.05), false, "5.2 is not within 0.05 of 5"],
  ["hostile text", () => check("\x1b[2J\n\u202e").equals(""), false, '"\\x1b[2J\\n\\u202e" is not ""'],
  ["a promise", () => check(Promise.resolve("5.01")).near(5, 0.05), true, '"5.01" is within 0.05 of 5'],
  [
    "fails",
    () => check(Promise.reject(new RemoteError("not_found", "No x"))).fails("not_found"),
    true,
    'it fails with "not_found": RemoteError [not_found]: No x',
  ],
  [
    "fails otherwise",
    () => check(Promise.reject(new Error("x"))).fails("busy"),
    false,
    'it does not fail with "busy": Error: x',
  ],
  ["fails not", () => check(Promise.resolve(3)).fails(), false, "it gave 3 and does not fail"],
];

Deno.test("check says in one line what is so and what is not", async (t) => {
  for (const [name, run, ok, text] of cases) {
    await t.step(name, async () => {
      const [outcome, ...more] = await heard(run);
      assert.deepEqual([outcome.ok, outcome.text, more.length], [ok, text, 0]);
    });
  }
});

Deno.test("check refuses at once what makes no sense, and says what to write", async (t) => {
  const wrong: [string, () => unknown, RegExp][] = [
    [
      "a tolerance given to within",
      () => check(5).within(5, 0.1),
      /^RangeError: .*from 5 to 0\.1, which is nothing; .* near\(5, 0\.1\)$/,
    ],
    [
      "near without a tolerance",
      () => check(5).near(5, undefined as never),
      /^TypeError: .*the tolerance is missing; write near\(5, 0\.05\)$/,
    ],
    [
      "near with text",
      () => check(5).near("5" as never, 1),
      /^TypeError: .*is "5", which is no finite number/,
    ],
    ["a tolerance below 0", () => check(5).near(5, -1), /^RangeError: .*the tolerance -1 is below 0$/],
    [
      "text as a pattern",
      () => check("a").matches("a" as never),
      /^TypeError: .*such as \/\^KORAD\/.*includes\(\)$/,
    ],
    ["no function", () => check(5).satisfies(5 as never), /^TypeError: .*such as \(value\) => value > 3$/],
    [
      "an asynchronous function",
      () => check(5).satisfies(() => Promise.resolve(false)),
      /^TypeError: .*asynchronous, and would always hold$/,
    ],
    [
      "a label that is no text",
      () => check(5, { label: 5 as never }),
      /^TypeError: .*the label is 5, and has to be text$/,
    ],
  ];
  for (const [name, run, message] of wrong) {
    await t.step(name, () => assert.throws(run, (error) => message.test(String(error))));
  }
  await assert.rejects(check(5).fails(), /5 is no promise; leave out the await/);
});

Deno.test("check with a pattern that remembers its place holds every time", async () => {
  const pattern = /a/g;
  const outcomes = await heard(() => [1, 2, 3].forEach(() => check("a").matches(pattern)));
  assert.deepEqual(outcomes.map(({ ok }) => ok), [true, true, true]);
});

Deno.test("check of a promise that rejects rejects with the same error, and counts as nothing", async () => {
  const error = new Error("no answer");
  const outcomes = await heard(() => assert.rejects(check(Promise.reject(error)).near(5, 1), error));
  assert.deepEqual(outcomes, []);
});

Deno.test("check that throws says nothing while it holds, and fails as an assertion", async () => {
  const strict: CheckOptions = { throws: true, label: "rail" };
  const outcomes = await heard(async () => {
    check(5, strict).equals(5);
    assert.throws(
      () => check(5.2, strict).near(5, 0.05),
      (error) =>
        error instanceof CheckError && error.name === "AssertionError" && error.actual === 5.2 &&
        error.message === "rail: 5.2 is not within 0.05 of 5",
    );
    await assert.rejects(check(Promise.resolve(1), strict).equals(2), CheckError);
  });
  assert.deepEqual(outcomes, []);
});

Deno.test("check compares what refers to itself without an end", async () => {
  const ring = (leaf: number) => {
    const made: Record<string, unknown> = { leaf };
    made.self = made;
    return made;
  };
  const [same, other] = await heard(() => (check(ring(1)).equals(ring(1)), check(ring(1)).equals(ring(2))));
  assert.deepEqual([same.ok, other.ok], [true, false]);
  assert.match(other.text, /\.leaf is 1, not 2$/);
});

/** What `deno` makes of a program in a file of its own. */
async function deno(args: string[], code: string) {
  const folder = await Deno.makeTempDir({ dir: new URL("..", import.meta.url).pathname });
  try {
    const path = `${folder}/one_test.ts`;
    await Deno.writeTextFile(path, `import { check, show } from "../../mod.ts";\n${code}`);
    const command = new Deno.Command(Deno.execPath(), { args: [...args, path], env: { NO_COLOR: "1" } });
    const { code: exitCode, stdout, stderr } = await command.output();
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    return { exitCode, stdout: text(stdout), stderr: text(stderr) };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("check in a plain script prints a line each and sets the exit code to 6", async () => {
  const failing = await deno(["run", "-qA"], 'check(5).equals(5); check(6, "six").equals(5); show("after");');
  assert.deepEqual(
    [failing.exitCode, failing.stdout, failing.stderr],
    [6, 'ok      5 is 5\nnot ok  six: 6 is not 5\n"after"\n', ""],
  );
  const fine = await deno(["run", "-qA"], "check(5).equals(5);");
  assert.deepEqual([fine.exitCode, fine.stdout], [0, "ok      5 is 5\n"]);
  const worse = await deno(["run", "-qA"], 'check(6).equals(5); throw new Error("worse");');
  assert.equal(worse.exitCode, 1);
});

Deno.test("check in Deno.test fails the test in which it does not hold, and no other", async () => {
  const { exitCode, stdout } = await deno(
    ["test", "-A", "--no-check"],
    'Deno.test("good", () => check(5).equals(5));\nDeno.test("bad", () => check(6).equals(5));\n' +
      'Deno.test("good after it", () => check(5).equals(5));',
  );
  assert.notEqual(exitCode, 0);
  assert.match(stdout, /not ok {2}6 is not 5/);
  assert.match(stdout, /2 passed \| 1 failed/);
});
