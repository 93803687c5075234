import { type Pty, ptyAvailable, type PtyOptions } from "../pty.ts";
import { consoleAt } from "./program.ts";

/** A test at a terminal: the console with its first prompt. */
export function atTheTerminal(
  name: string,
  test: (pty: Pty) => Promise<void>,
  options: PtyOptions = {},
): void {
  Deno.test(name, { ignore: !ptyAvailable, timeout: 60_000 }, async () => {
    await using pty = await consoleAt(options);
    await test(pty);
  });
}

/** Types a line, sends it, and waits for what it shows. */
export async function enter(pty: Pty, line: string, shows?: string | RegExp): Promise<void> {
  pty.type(line);
  pty.press("Enter");
  if (shows !== undefined) await pty.waitFor(shows);
}
