import assert from "node:assert/strict";
import { plotLines } from "../../../src/show/plot/plot_view.ts";
import { TimeSeries } from "../../../src/show/plot/time_series.ts";
import { label, roundScale } from "../../../src/show/plot/scale.ts";

/** A series over ten seconds with one value for each 100 ms. */
function series(value: (seconds: number) => number): TimeSeries {
  const made = new TimeSeries(10_000);
  for (let ms = 0; ms < 10_000; ms += 100) made.add(value(ms / 1000), ms);
  return made;
}

const room = { windowMs: 10_000, nowMs: 9_999, columns: 40, rows: 12, colors: false };

Deno.test("a plot of two series is two panels with names, latest values, ranges, scales and the time", () => {
  const rpm = { name: "rpm", values: series((seconds) => 1000 + 200 * seconds) };
  const temp = { name: "°C", values: series((seconds) => 20 + 5 * Math.sin(seconds)) };
  assert.equal(
    plotLines({ ...room, series: [rpm, temp] }).join("\n"),
    `       rpm  2,980  (1,000 to 2,980)
3,000 ┤                        ⢀⣀⣠⠤⠴⠒⠒⠉
      │                ⣀⣀⠤⠤⠔⠒⠊⠉⠁
      │       ⢀⣀⣠⠤⠴⠒⠒⠉⠉⠁
1,000 ┤⣀⠤⠤⠔⠒⠋⠉⠁
       °C  17.7  (15 to 25)
   25 ┤ ⢀⡠⠒⠉⠉⠓⠦⡀             ⡠⠖⠉⠉⠑⢤⡀
      │⣰⠊      ⠙⢤          ⣠⠋      ⠈⢆⡀
      │⠁         ⠑⢄      ⢠⠜          ⠑⢄
   15 ┤            ⠑⠤⣀⣀⡤⠚⠁
      └-10 s────────-5 s────────────now`,
  );
});

Deno.test("a plot without colours has no escape in it, and one with them a colour for each series", () => {
  const both = [{ name: "a", values: series((t) => t) }, { name: "b", values: series((t) => -t) }];
  // deno-lint-ignore no-control-regex
  assert.doesNotMatch(plotLines({ ...room, series: both }).join("\n"), /\x1b/);
  const coloured = plotLines({ ...room, series: both, colors: true });
  assert(
    coloured[0].includes("\x1b[36ma\x1b[39m") && coloured[5].includes("\x1b[33mb\x1b[39m"),
    coloured.join("\n"),
  );
  // deno-lint-ignore no-control-regex
  const stripped = coloured.map((line) => line.replace(/\x1b\[\d+m/g, ""));
  assert.deepEqual(stripped, plotLines({ ...room, series: both }));
});

Deno.test("a plot bridges the time between values that come seldom", () => {
  const values = new TimeSeries(10_000);
  values.add(0, 0);
  values.add(10, 9_900);
  assert.equal(
    plotLines({ ...room, rows: 5, columns: 25, series: [{ name: "slow", values }] }).join("\n"),
    `    slow  10  (0 to 10)
10 ┤             ⢀⣀⡠⠤⠒⠒⠉
   │      ⢀⣀⠤⠤⠒⠒⠉⠁
 0 ┤⣀⠤⠤⠒⠊⠉⠁
   └-10 s────────────now`,
  );
});

Deno.test("a plot fits its room: series for which there is none are told", () => {
  const many = Array.from(
    { length: 6 },
    (_, index) => ({ name: `s${index}`, values: series((t) => t * index) }),
  );
  for (const [columns, rows] of [[80, 20], [40, 9], [20, 5], [12, 3]]) {
    const lines = plotLines({ ...room, columns, rows, series: many });
    assert(lines.length <= Math.max(rows, 5) + 1, `${lines.length} lines for ${rows} rows`);
    assert(lines.every((line) => [...line].length <= columns), lines.join("\n"));
  }
  assert.match(plotLines({ ...room, rows: 9, series: many }).at(-1)!, /… 4 more series: no room for them$/);
});

Deno.test("a plot shows what is left of a window when nothing comes any more", () => {
  const values = series((t) => t);
  const [heading] = plotLines({ ...room, nowMs: 14_999, series: [{ name: "a", values }] });
  assert.match(heading, /a {2}9\.9 {2}\(5 to 9\.9\)/);
  assert.match(
    plotLines({ ...room, nowMs: 1e6, series: [{ name: "a", values }] })[0],
    /a {2}9\.9 \(long ago\)/,
  );
  assert.match(
    plotLines({ ...room, series: [{ name: "a", values: new TimeSeries(1) }] })[0],
    /a {2}no number yet/,
  );
});

Deno.test("a series keeps no more however many numbers there are, and the spikes among them", () => {
  const values = new TimeSeries(1000);
  for (let index = 0; index < 200_000; index++) values.add(index === 199_500 ? 99 : 1, index / 100);
  assert.equal(values.count, 200_000);
  assert.deepEqual(values.range(1999.99), { min: 1, max: 99 });
  assert.equal(values.columns(100, 1999.99).filter((slice) => slice?.max === 99).length, 1);
});

Deno.test("scales begin and end at round numbers, and labels have as many digits as they need", () => {
  const cases: [number, number, number, number, string, string][] = [
    [0, 10, 0, 10, "0", "10"],
    [0.13, 0.87, 0, 1, "0", "1"],
    [995, 1003, 994, 1004, "994", "1,004"],
    [5, 5, 4.5, 5.5, "4.5", "5.5"],
    [0, 0, -1, 1, "-1", "1"],
    [-273.15, 1e9, -5e8, 1e9, "-5e+8", "1e+9"],
    [0.00001, 0.00002, 0.000009999999999999999, 0.00002, "1e-5", "2e-5"],
  ];
  for (const [min, max, from, to, low, high] of cases) {
    const scale = roundScale(min, max);
    assert(
      Math.abs(scale.min - from) < 1e-6 * Math.abs(to - from),
      `${min} to ${max} begins at ${scale.min}`,
    );
    assert(Math.abs(scale.max - to) < 1e-6 * Math.abs(to - from), `${min} to ${max} ends at ${scale.max}`);
    assert.deepEqual([label(scale.min, scale), label(scale.max, scale)], [low, high]);
  }
});
