/**
 * Fetches npm's `zeromq`. It hangs under Deno, so its contestants run in Node, from a package directory of their own.
 *
 * @module
 */

/** Installs it into `directory` and sees whether it loads; says why not. */
export async function installZeromq(directory: string): Promise<string | undefined> {
  try {
    const args = ["install", "--prefix", directory, "--ignore-scripts", "--no-audit", "--no-fund", PACKAGE];
    return await whyFailed("npm", args) ?? await whyFailed("node", ["-e", `require("zeromq")`], directory);
  } catch (error) {
    return `it needs Node and npm: ${error instanceof Error ? error.message : error}`;
  }
}

const PACKAGE = "zeromq@6.8.0";
const LIMIT_MS = 60_000;

async function whyFailed(program: string, args: string[], cwd?: string): Promise<string | undefined> {
  const signal = AbortSignal.timeout(LIMIT_MS);
  const { code } = await new Deno.Command(program, { args, cwd, signal, stdout: "null", stderr: "null" })
    .output();
  if (signal.aborted) return `${program} did not get ${PACKAGE} ready within ${LIMIT_MS} ms`;
  return code === 0 ? undefined : `${program} could not get ${PACKAGE} ready (exit code ${code})`;
}
