import type { Measured } from "../row.ts";

/**
 * Milliseconds from starting a program on a pseudo terminal to the prompt `> `, or to the answer of a line that is typed
 * as soon as that is there. It is ended then.
 */
export async function timePrompt(
  command: [string, ...string[]],
  until: "prompt" | "answer" = "prompt",
): Promise<Measured> {
  // Computed, since loading the module opens the C library, and only this contestant needs it.
  const { Pty }: typeof import("../../pty.ts") = await import(new URL("../../pty.ts", import.meta.url).href);
  const startedAt = performance.now();
  const pty = Pty.run(command);
  try {
    await pty.waitFor(/^> ?$/m, LIMIT_MS);
    if (until === "answer") {
      pty.type("40 + 2\r");
      // deno-lint-ignore no-control-regex
      await pty.until(() => /\n(\x1b\[\d+m)*42(\x1b\[\d+m)*\r/.test(pty.output), "the answer", LIMIT_MS);
    }
    return { value: performance.now() - startedAt };
  } finally {
    pty.kill("SIGKILL");
    await pty.close();
  }
}

const LIMIT_MS = 10_000;
