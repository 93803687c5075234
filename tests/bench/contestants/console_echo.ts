import { fileURLToPath } from "node:url";
import type { Measured, Work } from "../row.ts";
import { percentile } from "../statistics.ts";

export { serve } from "./line_flood.ts";

/** Milliseconds from a key to its echo at the prompt of a console whose link is flooded. */
export async function drive(address: string, work: Work): Promise<Measured> {
  // Computed, since loading the module opens the C library, and only the contestants of a terminal need it.
  const { Pty }: typeof import("../../pty.ts") = await import(new URL("../../pty.ts", import.meta.url).href);
  const script = fileURLToPath(new URL("../../../src/cli/main.ts", import.meta.url));
  const pty = Pty.run([Deno.execPath(), "run", "-qA", "--no-prompt", script], {
    env: { PARLEY_HISTORY: "", NO_COLOR: "1" },
  });
  try {
    await pty.waitFor(/^> ?$/m);
    pty.type(`const flood = await connect("${address}", { dialect: "lines" })\r`);
    // The flood may have moved it off the screen before it could be seen there.
    await pty.until(() => pty.output.includes("flood connected"), "the link");
    await pause(work.warmUpMs);
    const times: number[] = [];
    let typed = "";
    for (const until = performance.now() + work.measureMs; performance.now() < until;) {
      const key = KEYS[times.length % KEYS.length];
      typed = typed.length < MAX_TYPED ? typed + key : key;
      const from = pty.output.length;
      const startedAt = performance.now();
      pty.type(typed === key ? `\x15${key}` : key);
      await pty.until(() => pty.output.indexOf(`> ${typed}`, from) >= 0, `the echo of ${typed}`);
      times.push(performance.now() - startedAt);
      await pause(KEY_EVERY_MS);
    }
    return { value: percentile(times, 0.5), p99: percentile(times, 0.99) };
  } finally {
    pty.kill("SIGKILL");
    await pty.close();
  }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** None of them is in what the flood says. */
const KEYS = "parleyconsole";
/** Then the line is cleared and begun anew. */
const MAX_TYPED = 40;
/** As a fast typist does, and not in step with what the console does every so often. */
const KEY_EVERY_MS = 37;
