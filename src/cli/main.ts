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

if (import.meta.main) {
  let code: number | undefined;
  try {
    code = await main(Deno.args);
  } catch (error) {
    const { explain } = await import("./failure.ts");
    code = explain(error);
  }
  if (code !== undefined) Deno.exit(code);
}
