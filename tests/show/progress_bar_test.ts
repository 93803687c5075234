import assert from "node:assert/strict";
import { progressBar, progressSummary } from "../../src/show/progress_bar.ts";

const half = { bytes: 185_400, size: 412_000, bytesPerSecond: 133_000, remainingMs: 1_704 };

Deno.test("progressBar tells part, amount, rate and what is left, with a bar as wide as fits", () => {
  assert.equal(
    progressBar("show.csv > drone-3", half, 100),
    "show.csv > drone-3  45% [===============>                  ]  185 kB of 412 kB, 133 kB/s, 1.7 s left",
  );
  assert.equal(progressBar("a > c", half, 1000).length, 93);
  assert.equal(
    progressBar("show.csv > drone-3", half, 72),
    "show.csv > drone-3  45% [==>   ]  185 kB of 412 kB, 133 kB/s, 1.7 s left",
  );
});

Deno.test("progressBar leaves the bar out where it would tell nothing, and cuts the rest to a narrow screen", () => {
  assert.equal(
    progressBar("show.csv > c", half, 60),
    "show.csv > c  45% 185 kB of 412 kB, 133 kB/s, 1.7 s left",
  );
  assert.equal(progressBar("show.csv > c", half, 20), "show.csv > c  45% 18");
  assert.equal(progressBar("show.csv > c", half, 0), "");
});

Deno.test("progressBar begins and ends with what is known", () => {
  const none = { bytes: 0, size: 412_000, bytesPerSecond: 0, remainingMs: undefined };
  assert.equal(progressBar("a > c", none, 50), "a > c   0% [>                     ]  0 B of 412 kB");
  const all = { bytes: 412_000, size: 412_000, bytesPerSecond: 133_000, remainingMs: 0 };
  assert.equal(
    progressBar("a > c", all, 70),
    "a > c 100% [=================]  412 kB of 412 kB, 133 kB/s, 0.0 s left",
  );
  const empty = { bytes: 0, size: 0, bytesPerSecond: 0, remainingMs: 0 };
  assert.match(progressBar("a > c", empty, 60), /100% \[=+\] {2}0 B of 0 B, 0\.0 s left/);
});

Deno.test("progressBar lets no name drive the terminal or fill it", () => {
  assert.equal(
    progressBar("\x1b[2J\n" + "x".repeat(99), { ...half, size: 1, bytes: 1 }, 200).includes("\x1b"),
    false,
  );
  assert.match(progressBar("x".repeat(5000), half, 500), /^x{39}… {2}45% /);
});

Deno.test("progressSummary tells how much in what time", () => {
  assert.equal(progressSummary("show.csv > c", 412_000, 3_100), "show.csv > c  412 kB in 3.1 s, 133 kB/s");
  assert.equal(progressSummary("show.csv > c", 412_000, 0), "show.csv > c  412 kB in 0.0 s");
});
