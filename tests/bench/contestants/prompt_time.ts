import type { Measured } from "../row.ts";

/** Milliseconds from starting a program on a pseudo terminal to the prompt `> `. It is ended then. */
export async function timePrompt(command: [string, ...string[]]): Promise<Measured> {
  // Computed, since loading the module opens the C library, and only this contestant needs it.
  const { Pty }: typeof import("../../pty.ts") = await import(new URL("../../pty.ts", import.meta.url).href);
  const startedAt = performance.now();
  const pty = Pty.run(command);
  try {
    await pty.waitFor(/^> ?$/m, LIMIT_MS);
    return { value: performance.now() - startedAt };
  } finally {
    pty.kill("SIGKILL");
    await pty.close();
  }
}

const LIMIT_MS = 10_000;
