import { BrokenError } from "../../errors.ts";
import { describePort, type PortInfo } from "./port_info.ts";
import { isOnUsb, matchPort } from "./port_match.ts";

/** What the event `"parley:choose-port"` carries: the ports there are, and how to say which. */
export interface PortChoice {
  /** The ports to choose from, the newest last. */
  readonly ports: readonly PortInfo[];
  /** Takes the answer; `undefined` means none of them. */
  answer(port: Promise<PortInfo | undefined>): void;
}

/**
 * The port for `serial:auto`: the only one on USB, or the one that somebody chooses. A program that wants to ask by itself
 * listens to the global event `"parley:choose-port"`; otherwise the question is asked where both ends of the program are
 * a terminal.
 *
 * @throws {BrokenError} code `no_such_path`: there is none. Code `ambiguous`: there are several, and nobody to ask; the
 * message lists them. Code `not_chosen`: nobody wanted any of them.
 */
export async function choosePort(ports: readonly PortInfo[]): Promise<PortInfo> {
  const onUsb = ports.filter(isOnUsb);
  if (onUsb.length === 1 || ports.length === 0) return matchPort(ports, "auto");
  const from = onUsb.length > 0 ? onUsb : ports;
  const chosen = await ask(from);
  if (chosen === null) return matchPort(ports, "auto"); // says what there is, and how to name one
  if (chosen !== undefined) return chosen;
  throw new BrokenError(
    "not_chosen",
    `Cannot connect to serial:auto: none of the ${from.length} ports was chosen`,
  );
}

/** `undefined` for none, `null` when there is nobody to ask. */
async function ask(ports: readonly PortInfo[]): Promise<PortInfo | undefined | null> {
  let answer: Promise<PortInfo | undefined> | undefined;
  const detail: PortChoice = { ports, answer: (port) => answer = port };
  globalThis.dispatchEvent(new CustomEvent("parley:choose-port", { detail }));
  if (answer !== undefined) return await answer;
  if (!Deno.stdin.isTerminal() || !Deno.stdout.isTerminal()) return null;
  const { isCancel, select } = await import("@clack/prompts");
  const path = await select({
    message: "Which serial port?",
    options: ports.toReversed().map((port) => ({ value: port.path, label: describePort(port) })),
  });
  return isCancel(path) ? undefined : ports.find((port) => port.path === path);
}
