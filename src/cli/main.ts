/**
 * The program `parley`.
 *
 * @module
 */
/**
 * Runs the program with these arguments and resolves with the exit code; with `undefined` when the program is to go
 * on until nothing is left to do.
 */
export async function main(args: readonly string[]): Promise<number | undefined> {
  enterUsersFolder();
  // Without a subcommand there is nothing to parse, and the prompt is there a tenth of a second sooner.
  if (args.length === 0 || (args.length === 1 && args[0] === "console")) {
    const { runConsole } = await import("../console/main.ts");
    return await runConsole();
  }
  // A shell asks at every Tab: whoever types waits for the answer.
  if (args[0] === "complete" && (args[1] === "--" || args[1] === "--line")) {
    const { answerShell } = await import("./completion/answer.ts");
    return await answerShell(args.slice(1));
  }
  const { runProgram } = await import("./program.ts");
  return await runProgram(args);
}

/** `deno task` runs in the project's folder and says where it was called; the user's paths mean that place. */
function enterUsersFolder(): void {
  const folder = Deno.env.get("INIT_CWD");
  if (folder === undefined || folder === "") return;
  try {
    Deno.chdir(folder);
  } catch {
    // It is gone: the project's folder is as good as any.
  }
}

/** Runs the program to its end. Not awaited at the top level: Deno would tell of this file when nothing is left to do. */
async function run(): Promise<void> {
  globalThis.addEventListener("beforeunload", tellStuck);
  let code: number | undefined;
  try {
    code = await main(Deno.args);
  } catch (error) {
    const { explain } = await import("./failure.ts");
    code = explain(error);
  }
  globalThis.removeEventListener("beforeunload", tellStuck);
  if (code !== undefined) Deno.exit(code);
}

/** Something is awaited, as by a script, that no timer, link or input is left to bring about. */
function tellStuck(): void {
  const why = "An await can never end: no link, timer or input is left that could end it";
  Deno.stderr.writeSync(new TextEncoder().encode(`parley: ${why}\n`));
  Deno.exit(1);
}

if (import.meta.main) void run();
