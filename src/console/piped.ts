import { ConsoleWorld } from "./console_world.ts";
import { ExitCode } from "./exit_code.ts";
import { Interrupt } from "./evaluator/interrupt.ts";
import { jsonText } from "./json_text.ts";
import { SecretBook } from "./secret_book.ts";
import type { Shell } from "./shell.ts";
import { checkLine } from "../show/check_line.ts";
import { showValue } from "../show/value.ts";
import { pipedStatements } from "./piped_statements.ts";
import { writeOut } from "./write_out.ts";

/** How piped input is answered. */
export interface PipedOptions {
  /** One JSON object a line: `{"value": …}` and `{"check": …}` on stdout, `{"error": …}` on stderr. */
  json?: boolean;
  /** Nothing on stderr but errors. */
  quiet?: boolean;
}

/**
 * The console without a terminal: evaluates standard input statement by statement. Each expression's value goes to
 * standard output, everything else to standard error. A statement that fails is told and the next one is evaluated.
 * At the end pending answers are waited for, all links are closed, and the exit code tells of the first failure, or
 * else that a check did not hold.
 */
export async function runPiped(options: PipedOptions = {}): Promise<number> {
  const interrupt = new Interrupt();
  const leaving = Promise.withResolvers<void>();
  let left = false;
  const interrupted = Promise.withResolvers<void>();
  const onSignal = () => {
    interrupt.request();
    interrupted.resolve();
  };
  const secrets = new SecretBook();
  const say = (
    to: typeof Deno.stdout | typeof Deno.stderr,
    facts: Record<string, unknown>,
    text: () => string,
  ) => writeOut(to, `${options.json ? jsonText(facts, secrets) : secrets.mask(text())}\n`);
  const notice = (text: string) => writeOut(Deno.stderr, `${secrets.mask(text)}\n`);
  const world = new ConsoleWorld({
    interrupt,
    colors: false,
    events: options.quiet !== true,
    print: (text) => notice(text),
    screen: {
      result: (value) => say(Deno.stdout, { value }, () => showValue(value)),
      failure: (text, error) => say(Deno.stderr, { error }, () => text),
      check: (check) => say(Deno.stdout, { check }, () => checkLine(check, false)),
      hint: options.json ? () => {} : undefined, // a program has no use for what a person may have meant
      notice,
    },
    secrets,
    history: () => [],
    leave: () => {
      left = true;
      leaving.resolve();
    },
  });
  Deno.addSignalListener("SIGINT", onSignal);
  // In an endless loop the listener above is never called: the other thread raises the flag that the loop looks at.
  const watcher = new Worker(new URL("./signal_worker.ts", import.meta.url), { type: "module" });
  watcher.postMessage(interrupt.flag);
  const evaluated = evaluateAll(world.shell, () => left).then(() => world.book.settled());
  await Promise.race([evaluated, leaving.promise, interrupted.promise]);
  await world.close();
  Deno.removeSignalListener("SIGINT", onSignal);
  watcher.terminate();
  const { summary, failed } = world.report;
  if (summary !== undefined && options.quiet !== true) notice(summary);
  if (interrupt.requested) return ExitCode.INTERRUPTED;
  return world.shell.exitCode || (failed > 0 ? ExitCode.ASSERTION : ExitCode.OK);
}

async function evaluateAll(shell: Shell, hasLeft: () => boolean): Promise<void> {
  for await (const { source, error } of pipedStatements()) {
    if (error === undefined) await shell.input(source);
    else shell.failed(error, "syntax");
    if (hasLeft()) return;
  }
}
