import assert from "node:assert/strict";
import { PlotBoard } from "../../../src/show/plot/plot_board.ts";
import { planPlot } from "../../../src/show/plot/plot_options.ts";
import type { PlotOptions, PlotPick } from "../../../src/show/plot/plot_options.ts";

const room = { columns: 60, rows: 12, colors: false };
const boardOf = (...args: (PlotPick | PlotOptions)[]) => new PlotBoard(planPlot(args));

Deno.test("numbers, big integers and text of numbers are plotted, and nothing else is", () => {
  const board = boardOf();
  for (const number of [3, 3n, "3", " 3.0\r", "+3e0", true]) {
    assert.deepEqual(board.add(number, 0), [number === true ? 1 : 3], String(number));
  }
  for (const none of [NaN, Infinity, "", "three", "0x10", null, undefined, {}, [3], "3,1", "1".repeat(100)]) {
    assert.deepEqual(board.add(none, 0), [undefined], String(none));
  }
});

Deno.test("series are named by what their functions pick, or as the options say", () => {
  const names = (...args: (PlotPick | PlotOptions)[]) => planPlot(args).picks.map(({ name }) => name);
  assert.deepEqual(names((m) => m.rpm, (m) => m.engine.temp, (m) => m["oil temp"], (m) => Number(m.x)), [
    "rpm",
    "engine.temp",
    '["oil temp"]',
    "x",
  ]);
  assert.deepEqual(names((m) => m.rpm * 60, (m) => m.a, { names: ["per second"] }), ["per second", "a"]);
  assert.deepEqual(names((m) => m * 2), ["series 1"]);
});

Deno.test("a message that gives no number is counted and shown", () => {
  const board = boardOf((m) => m.rpm);
  board.add({ rpm: 5 }, 0);
  board.add({ text: "hello \x1b[2J" }, 1);
  assert.equal(
    board.lines(10, room).at(-1),
    '1 of 2 messages gave no number; the latest: { text: "hello \\x1b[2J" }',
  );
});

Deno.test("when nothing is a number it says what came instead and what to write", () => {
  const board = boardOf((m) => m.engine.rpm);
  assert.deepEqual(board.lines(0, room), ["Waiting for messages."]);
  for (let index = 0; index < 5; index++) board.add({ speed: 1 }, index);
  assert.deepEqual(board.lines(10, room), [
    "No number in { speed: 1 }: engine.rpm throws Cannot read properties of undefined (reading 'rpm'); pick one, as in (m) => m.rpm",
  ]);
  const ofText = boardOf((m) => m.rpm);
  for (let index = 0; index < 5; index++) ofText.add("5.01", index);
  const [line, ...more] = ofText.lines(10, { ...room, columns: 80 });
  assert.equal(line, 'No number in "5.01": rpm is undefined; pick one, as in (m) => m.split(",")[1]');
  assert.ok(more.length === 0 && line.length < 80, "what to do is seen while lines are cut at the edge");
  for (let index = 0; index < 5; index++) ofText.add("x".repeat(500), index);
  assert.match(ofText.lines(10, room)[0], /^No number in "x+…: rpm is undefined; pick one, as in/);
});

Deno.test("arguments that are wrong are refused with what is wanted", () => {
  const cases: [unknown[], RegExp][] = [
    [["rpm"], /Cannot plot with rpm as argument 2: a function such as \(m\) => m\.rpm is wanted/],
    [[{ second: 5 }], /Unknown option "second" of plot\(\); did you mean "seconds"\?/],
    [[{ seconds: 0 }], /Cannot use 0 as "seconds": 1 to 86400 is wanted/],
    [[{ min: "a" }], /Cannot use a as "min": a number is wanted/],
    [[{ min: 2, max: 1 }], /Cannot plot from 2 to 1: "min" has to be less than "max"/],
    [[{ names: "a" }], /Cannot use a as "names": a list of texts is wanted/],
    [[{ names: ["a", "b"] }], /Cannot use 2 "names" for 1 series/],
    [[{ action: "" }], /as "action": the name of an action is wanted/],
    [[{ signal: 1 }], /as "signal": an AbortSignal is wanted/],
    [Array.from({ length: 9 }, () => (m: unknown) => m), /Cannot plot 9 series: 8 are the most/],
  ];
  for (const [args, message] of cases) assert.throws(() => planPlot(args as PlotPick[]), message);
});
