import { complete } from "./evaluator/complete.ts";
import { commands } from "./commands/table.ts";
import { ConsoleWorld } from "./console_world.ts";
import { isComplete } from "./is_complete.ts";
import { History, historyPath } from "./history.ts";
import { Interrupt } from "./evaluator/interrupt.ts";
import { Output } from "./output.ts";
import { showValue } from "../show/value.ts";
import { describePort, listPorts, type PortChoice } from "../../mod.ts";
import { addressCompletion } from "./address_completion.ts";
import { commandCompletion } from "./command_completion.ts";
import { Terminal } from "./terminal/terminal.ts";

/**
 * The console at a terminal. Resolves with the exit code when the user leaves, all links closed.
 *
 * @param version Shown in the greeting.
 */
export async function runInteractive(version: string, options: { quiet?: boolean } = {}): Promise<number> {
  const colors = !Deno.noColor && Deno.env.get("TERM") !== "dumb";
  const history = new History({ path: historyPath(), onProblem: (message) => output.print(message) });
  const leaving = Promise.withResolvers<null>();
  let evaluating = false;

  const terminal: Terminal = new Terminal({
    prompt: colors ? "\x1b[1m>\x1b[22m " : "> ",
    history,
    complete: (text, cursor) =>
      addressCompletion(text, cursor, listPorts) ??
        commandCompletion(text, cursor, world.shell) ??
        complete(text, cursor, { commands: commands.map(({ name }) => `.${name}`) }),
    isComplete,
    onInterrupt: () => {
      if (evaluating) interrupt.request();
      else interrupt.clear();
    },
  });
  const output = new Output({
    write: (text) => terminal.print(text),
    colors,
    divert: (text) => world.share.takes(text),
  });
  const interrupt = new Interrupt(terminal.stopFlag);
  const world: ConsoleWorld = new ConsoleWorld({
    interrupt,
    colors,
    showsAnswers: true,
    print: (text) => output.print(text),
    screen: {
      result: (value) => output.printResult(showValue(value, { colors })),
      failure: (text) => output.printResult(colors ? `\x1b[31m${text}\x1b[39m` : text),
      notice: (text) => output.printResult(text),
      showLive: terminal.isLive ? (lines) => terminal.showLive(lines) : undefined,
    },
    history: () => history.entries,
    leave: () => leaving.resolve(null),
  });
  const choosePort = (event: Event) => {
    const { ports, answer } = (event as CustomEvent<PortChoice>).detail;
    const newestFirst = ports.toReversed();
    const chosen = terminal.choose("Which serial port?", newestFirst.map(describePort));
    answer(chosen.then((index) => index === null ? undefined : newestFirst[index]));
  };
  globalThis.addEventListener("parley:choose-port", choosePort);
  output.install();
  if (options.quiet !== true) {
    terminal.print(`parley ${version}   .help  commands   Tab  complete   Ctrl-D  leave`);
  }
  terminal.start();

  for (;;) {
    const text = await Promise.race([terminal.readInput(), leaving.promise]);
    if (text === null) break;
    evaluating = true;
    const left = await Promise.race([
      world.shell.input(text).then(() => false),
      leaving.promise.then(() => true),
    ]);
    evaluating = false;
    interrupt.clear();
    if (left) break;
  }

  const closed = await world.close();
  if (closed.length > 0) output.printResult(`Closed: ${closed.join(", ")}`);
  globalThis.removeEventListener("parley:choose-port", choosePort);
  output.close();
  terminal.close();
  return 0;
}
