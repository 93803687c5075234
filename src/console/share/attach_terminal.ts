import { ExitCode } from "../exit_code.ts";
import { History, historyPath } from "../history.ts";
import { isComplete } from "../is_complete.ts";
import { Output } from "../output.ts";
import { Terminal } from "../terminal/terminal.ts";
import { Attachment, type Shown } from "./attachment.ts";

/**
 * A prompt in a console that is shared elsewhere. Resolves with the exit code when the user leaves it, or when the
 * console has gone.
 *
 * @throws {PlaceError} there is no such console.
 */
export async function attachAtTerminal(
  name: string | undefined,
  options: { quiet?: boolean },
): Promise<number> {
  const colors = !Deno.noColor && Deno.env.get("TERM") !== "dumb";
  const history = new History({ path: historyPath(), onProblem: (message) => output.print(message) });
  const leaving = Promise.withResolvers<null>();
  /** Set once it is there: the terminal shows what comes from its first moment on. */
  const own: { attachment?: Attachment; prompt: string; presses: number } = { prompt: "> ", presses: 0 };
  const terminal = new Terminal({
    prompt: () => own.prompt,
    history,
    complete: (text, cursor) => own.attachment!.complete(text, cursor),
    isComplete,
    onInterrupt: () => {
      Atomics.store(terminal.stopFlag, 0, 0);
      own.attachment?.stop();
      own.presses++;
      if (own.presses === PRESSES - 1) output.print("(nothing has stopped yet; Ctrl-C once more leaves)");
      if (own.presses >= PRESSES) leaving.resolve(null);
    },
  });
  const output: Output = new Output({ write: (text) => terminal.print(text), colors });
  const show = (item: Shown): void => {
    if (item.kind === "leave") return leaving.resolve(null);
    if (item.kind === "dropped") {
      return output.print(`… ${item.count.toLocaleString("en-US")} more lines not shown`);
    }
    if (item.kind === "line" || item.kind === "log") output.print(item.text);
    else output.printResult(item.text);
  };
  await using attached = await Attachment.to(name, { as: "prompt", colors, watch: true }, show);
  own.attachment = attached;
  const { welcome } = attached;
  own.prompt = colors ? `\x1b[1m${welcome.name}>\x1b[22m ` : `${welcome.name}> `;
  if (options.quiet !== true) terminal.print(greeting(welcome));
  terminal.start();

  const gone = attached.closed.then(() => null);
  let hasGone = false;
  gone.then(() => hasGone = true);
  for (;;) {
    const text = await Promise.race([terminal.readInput(), leaving.promise, gone]);
    if (text === null) break;
    const done = await Promise.race([attached.evaluate(text), leaving.promise]);
    Atomics.store(terminal.stopFlag, 0, 0);
    if (done !== null) own.presses = 0;
    if (done === null || done === undefined) break;
  }
  await Promise.resolve(); // the one that has told us that it goes may have been heard this very moment
  output.close();
  terminal.close();
  if (!hasGone) return own.presses >= PRESSES ? ExitCode.INTERRUPTED : ExitCode.OK;
  terminal.print(`${welcome.name} has ended: nothing is attached any more.`);
  return ExitCode.CANNOT_CONNECT;
}

function greeting({ name, you, links }: Attachment["welcome"]): string {
  const there = links.length === 0 ? "no links yet" : links.join(", ");
  return `attached to ${name} as ${you}: ${there}   Ctrl-D  leave`;
}

/** So many times Ctrl-C was pressed in vain: the console does not answer, and nobody is to be kept by that. */
const PRESSES = 3;
