import { Terminal } from "./terminal/terminal.ts";
import { History, historyPath } from "./history.ts";
import type { TerminalSession } from "./terminal_session.ts";

/**
 * The console at a terminal. Resolves with the exit code when the user leaves, all links closed.
 *
 * The prompt is drawn first and everything it needs to answer is loaded behind it, while the user reads: what is typed
 * meanwhile is kept, shown, and evaluated as soon as it can be. So this file imports nothing but the terminal.
 *
 * @param version Shown in the greeting.
 */
export async function runInteractive(version: string, options: { quiet?: boolean } = {}): Promise<number> {
  const colors = !Deno.noColor && Deno.env.get("TERM") !== "dumb";
  const history = new History({
    path: historyPath(),
    onProblem: (message) => terminal.print(message),
    isSecret: (input) => session?.holdsSecret(input) === true,
  });
  let session: TerminalSession | undefined;

  const terminal: Terminal = new Terminal({
    prompt: colors ? "\x1b[1m>\x1b[22m " : "> ",
    history,
    complete: (text, cursor) =>
      session !== undefined ? session.complete(text, cursor) : loaded.then((it) => it.complete(text, cursor)),
    isComplete: async (text) => await (await import("./is_complete.ts")).isComplete(text),
    onInterrupt: () => session?.interrupt(),
  });
  if (options.quiet !== true) {
    terminal.print(`parley ${version}   .help  commands   Tab  complete   Ctrl-D  leave`);
  }
  const first = terminal.readInput();
  const loaded: Promise<TerminalSession> = load(terminal, { colors, history: () => history.entries });
  try {
    session = await loaded;
    terminal.redraw(); // Deno, unless it is run with --quiet, wipes the row of the cursor whenever it loads a module
    await session.run(first);
    return 0;
  } finally {
    terminal.close();
  }
}

async function load(...parts: ConstructorParameters<typeof TerminalSession>): Promise<TerminalSession> {
  const { TerminalSession } = await import("./terminal_session.ts");
  return new TerminalSession(...parts);
}
