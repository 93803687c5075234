import { ExitCode } from "./exit_code.ts";

/**
 * Writes all of `data` to standard output or standard error, at once: a program that reads it waits for it. When
 * whoever read us has closed the pipe, as `head` does, there is nobody left to tell and the program ends.
 */
export function writeOut(to: { writeSync(bytes: Uint8Array): number }, data: string | Uint8Array): void {
  const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
  try {
    for (let written = 0; written < bytes.length;) written += to.writeSync(bytes.subarray(written));
  } catch (error) {
    if (error instanceof Deno.errors.BrokenPipe) Deno.exit(ExitCode.OK);
    throw error;
  }
}
