import assert from "node:assert/strict";
import { join } from "node:path";
import { History, historyPath } from "../../src/console/history.ts";

function withDirectory(test: (directory: string) => void): void {
  const directory = Deno.makeTempDirSync({ prefix: "history-test-" });
  try {
    test(directory);
  } finally {
    Deno.removeSync(directory, { recursive: true });
  }
}

const modeOf = (path: string) => (Deno.statSync(path).mode ?? 0) & 0o777;

Deno.test("History keeps an entry of several lines as one, in the file before add returns", () =>
  withDirectory((directory) => {
    const path = join(directory, "history");
    const history = new History({ path });
    history.add("one");
    history.add("if (a) {\n  b\u2028\n}");
    assert.equal(Deno.readTextFileSync(path).split("\n").length, 3);
    assert.deepEqual(new History({ path }).entries, ["one", "if (a) {\n  b\u2028\n}"]);
  }));

Deno.test(
  "History makes its directory and file private",
  { ignore: Deno.build.os === "windows" },
  () =>
    withDirectory((directory) => {
      const path = join(directory, "state", "parley", "history");
      new History({ path }).add("x");
      assert.equal(modeOf(join(directory, "state", "parley")), 0o700);
      assert.equal(modeOf(path), 0o600);
      Deno.chmodSync(path, 0o644);
      new History({ path });
      assert.equal(modeOf(path), 0o600);
    }),
);

Deno.test("History leaves out blanks, repetitions and what begins with a space", () => {
  const history = new History();
  for (const input of ["a", "a", "", "  ", " secret", "b", "a"]) history.add(input);
  assert.deepEqual(history.entries, ["a", "b", "a"]);
});

Deno.test("History of two sessions at once keeps the inputs of both", () =>
  withDirectory((directory) => {
    const path = join(directory, "history");
    const [first, second] = [new History({ path }), new History({ path })];
    first.add("from the first");
    second.add("from the second");
    first.add("first again");
    assert.deepEqual(new History({ path }).entries, ["from the first", "from the second", "first again"]);
  }));

Deno.test("History skips lines that are damaged, also one cut off at the end", () =>
  withDirectory((directory) => {
    const path = join(directory, "history");
    Deno.writeTextFileSync(path, '"good"\nnot json\n42\n\n"\\u12"\n"also good"\n"cut o');
    const history = new History({ path });
    assert.deepEqual(history.entries, ["good", "also good"]);
    history.add("next");
    assert.deepEqual(new History({ path }).entries, ["good", "also good", "next"]);
  }));

Deno.test("History keeps the newest entries and cuts down a file grown to twice the limit", () =>
  withDirectory((directory) => {
    const path = join(directory, "history");
    const writer = new History({ path, maxEntries: 5 });
    for (let entry = 1; entry <= 9; entry++) writer.add(`entry ${entry}`);
    assert.equal(Deno.readTextFileSync(path).split("\n").length - 1, 9);
    writer.add("entry 10");
    const newest = ["entry 6", "entry 7", "entry 8", "entry 9", "entry 10"];
    assert.deepEqual(new History({ path, maxEntries: 5 }).entries, newest);
    assert.equal(Deno.readTextFileSync(path).split("\n").length - 1, 5);
    writer.add("entry 11");
    assert.deepEqual(new History({ path, maxEntries: 5 }).entries, [...newest.slice(1), "entry 11"]);
  }));

Deno.test("History that cannot use its file says so once and goes on without it", () =>
  withDirectory((directory) => {
    const problems: string[] = [];
    const history = new History({ path: directory, onProblem: (message) => problems.push(message) });
    history.add("a");
    history.add("b");
    assert.deepEqual(history.entries, ["a", "b"]);
    assert.equal(history.path, undefined);
    assert.equal(problems.length, 1);
    assert.match(problems[0], /^Cannot keep the history in ".+": .+\. This session's inputs are not saved$/);
  }));

Deno.test("History loses its file while it runs and still does not fail", () =>
  withDirectory((directory) => {
    const problems: string[] = [];
    const path = join(directory, "sub", "history");
    const history = new History({ path, onProblem: (message) => problems.push(message) });
    Deno.removeSync(join(directory, "sub"), { recursive: true });
    history.add("a");
    history.add("b");
    assert.deepEqual(history.entries, ["a", "b"]);
    assert.equal(problems.length, 1);
  }));

Deno.test("History recalls a huge input in its session but does not save it", () =>
  withDirectory((directory) => {
    const path = join(directory, "history");
    const history = new History({ path });
    history.add("x".repeat(70_000));
    assert.equal(history.entries.length, 1);
    assert.deepEqual(new History({ path }).entries, []);
  }));

Deno.test("historyPath follows the environment", () => {
  const path = (variables: Record<string, string>) => historyPath({ get: (name) => variables[name] });
  assert.equal(path({ PARLEY_HISTORY: "/my/file", HOME: "/home/me" }), "/my/file");
  assert.equal(path({ PARLEY_HISTORY: "", HOME: "/home/me" }), undefined);
  assert.equal(path({ XDG_STATE_HOME: "/state", HOME: "/home/me" }), join("/state", "parley", "history"));
  assert.equal(path({ HOME: "/home/me" }), join("/home/me", ".local", "state", "parley", "history"));
  assert.equal(path({}), undefined);
});
