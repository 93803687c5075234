import type { Row } from "../row.ts";

/** From starting the program on a terminal of its own to its first prompt. */
export const startup: Row = {
  name: "startup",
  title: "Start to first prompt",
  unit: "ms",
  limit: "deno repl",
  entries: [
    { name: "deno repl", module: "repl_startup", alone: true },
    { name: "parley console", module: "console_startup", alone: true },
  ],
  budgets: [{ text: "at most 1.5 x deno repl", of: "parley console", against: "deno repl", atMost: 1.5 }],
  unavailable: whyNot,
};

/** The prompt is there before everything is loaded that answers: so a line that is typed at once is measured as well. */
export const firstAnswer: Row = {
  name: "first-answer",
  title: "Start to the answer of a line typed at the first prompt",
  unit: "ms",
  limit: "deno repl",
  entries: [
    { name: "deno repl", module: "repl_startup", alone: true, work: { until: "answer" } },
    { name: "parley console", module: "console_startup", alone: true, work: { until: "answer" } },
  ],
  budgets: [],
  unavailable: whyNot,
};

function whyNot(): string | undefined {
  if (Deno.build.os !== "linux") return "pseudo terminals are driven on Linux only";
  const missing = ["../../pty.ts", "../../../src/console/main.ts"].filter((file) => !exists(file));
  return missing.length === 0
    ? undefined
    : `${missing.map((file) => file.replaceAll("../", "")).join(", ")} missing`;
}

function exists(file: string): boolean {
  try {
    return Deno.statSync(new URL(file, import.meta.url)).isFile;
  } catch {
    return false;
  }
}
