import { Pty, type PtyOptions } from "../pty.ts";

const MAIN = new URL("../../src/cli/main.ts", import.meta.url).pathname;

/** The command line of the program, without a task runner around it. */
export function parley(...args: string[]): [string, ...string[]] {
  return [Deno.execPath(), "run", "-qA", "--no-prompt", MAIN, ...args];
}

/** What became of a program that was run to its end. */
export interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs the program with this input to its end. */
export async function runParley(
  args: string[],
  input = "",
  options: { cwd?: string; env?: Record<string, string> } = {},
): Promise<Ended> {
  const [command, ...rest] = parley(...args);
  const child = new Deno.Command(command, {
    args: rest,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
    cwd: options.cwd,
    env: { NO_COLOR: "1", INIT_CWD: options.cwd ?? Deno.cwd(), ...options.env },
  }).spawn();
  return await endOf(child, input);
}

/** Gives a program its input, all of it, and waits for its end. */
export async function endOf(child: Deno.ChildProcess, input: string): Promise<Ended> {
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(input));
  await writer.close();
  const { code, stdout, stderr } = await child.output();
  return { code, stdout: new TextDecoder().decode(stdout), stderr: new TextDecoder().decode(stderr) };
}

/** The console at a terminal of its own, its first prompt shown. History and colours are off unless set. */
export async function consoleAt(options: PtyOptions = {}): Promise<Pty> {
  const env = { PARLEY_HISTORY: "", NO_COLOR: "1", INIT_CWD: options.cwd ?? Deno.cwd(), ...options.env };
  const pty = Pty.run(parley("console"), { columns: 120, rows: 40, ...options, env });
  await pty.waitFor(/^> $/m);
  return pty;
}
