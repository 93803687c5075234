/**
 * Fetches peers from npm that do not run under Deno, into a package directory of their own.
 *
 * @module
 */

/**
 * Installs `name@version` into `directory` and sees whether Node loads it; says why not. No code of the package runs
 * while it is installed: native code has to come built.
 */
export async function installForNode(
  name: string,
  version: string,
  directory: string,
): Promise<string | undefined> {
  const wanted = `${name}@${version}`;
  try {
    const args = ["install", "--prefix", directory, "--ignore-scripts", "--no-audit", "--no-fund", wanted];
    return await whyFailed(wanted, "npm", args) ??
      await whyFailed(wanted, "node", ["-e", `require("${name}")`], directory);
  } catch (error) {
    return `it needs Node and npm: ${error instanceof Error ? error.message : error}`;
  }
}

const LIMIT_MS = 60_000;

async function whyFailed(
  wanted: string,
  program: string,
  args: string[],
  cwd?: string,
): Promise<string | undefined> {
  const signal = AbortSignal.timeout(LIMIT_MS);
  const { code } = await new Deno.Command(program, { args, cwd, signal, stdout: "null", stderr: "null" })
    .output();
  if (signal.aborted) return `${program} did not get ${wanted} ready within ${LIMIT_MS} ms`;
  return code === 0 ? undefined : `${program} could not get ${wanted} ready (exit code ${code})`;
}
