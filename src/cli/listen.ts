import { resolve } from "node:path";
import { Option } from "@commander-js/extra-typings";
import { type Handlers, handlersFrom, listen as listenOn, type Server, TimeoutError } from "../../mod.ts";
import { ExitCode } from "../console/exit_code.ts";
import { showError } from "../show/error.ts";
import { escapeText } from "../show/escape.ts";
import { linkCommand, type LinkFlags, linkOptions } from "./command_line.ts";
import { type Ending, untilEnded } from "./ending.ts";
import { CommandLineError } from "./failure.ts";
import { escapeOption, type FormFlags, formOf, hexOption, rawOption, valueOption } from "./message_flags.ts";
import { messageOf } from "./message_form.ts";
import { parseCount } from "./parse_count.ts";
import { Pattern } from "./pattern.ts";
import { note, printValue } from "./printer.ts";
import type { AnyCommand, Finish, Subcommand } from "./subcommand.ts";

/** `parley listen` */
export const listen: Subcommand = (finish: Finish): AnyCommand =>
  linkCommand("listen", "accept links and print every message, until Ctrl-C")
    .argument("<address>", "such as tcp://127.0.0.1:16900; tcp://:16900 is this machine only; or a profile")
    .option("--echo", "send every message back to whom it came from")
    .addOption(new Option("--reply <message>", "answer every message with this one").conflicts("echo"))
    .option(
      "--handlers <file>",
      "a module whose exported functions answer requests and obey actions",
      onlyOne,
    )
    .option("-n, --count <messages>", "leave after so many messages", parseCount("--count"))
    .option(
      "-u, --until <text>",
      "leave after a message with this text, or /regex/, in it",
      (text) => new Pattern(text),
    )
    .addOption(hexOption())
    .addOption(escapeOption())
    .addOption(rawOption())
    .addOption(valueOption())
    .addHelpText("after", HELP)
    .action(async (address, flags) => finish(await untilEnded((ending) => serve(address, flags, ending))));

/** What was asked for. */
interface ListenFlags extends LinkFlags, FormFlags {
  readonly echo?: true;
  readonly reply?: string;
  readonly handlers?: string;
  readonly count?: number;
  readonly until?: Pattern;
}

/** Serves until it is ended, or what is waited for has come. Resolves with the exit code. */
async function serve(address: string, flags: ListenFlags, ending: Ending): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  promise.catch(() => {}); // told below, once the server is there
  const form = formOf(flags);
  const reply = flags.reply === undefined ? undefined : messageOf(form, flags.reply);
  const handlers = flags.handlers === undefined ? undefined : await load(flags.handlers);
  const failed = (error: Error) => note(`! ${showError(error, false)}`, flags);
  let left = flags.count ?? Infinity;
  let server: Server | undefined = undefined;
  await using _server = server = await listenOn(address, {
    ...linkOptions(address, flags),
    signal: ending.signal,
    handlers,
    // A serial line has its peer before anybody can say that it is listened on.
    onInitialize: ({ address, dialect }) => note(`listening on ${address} (${dialect})`, flags),
    onConnect: (peer, { first }) => note(`+ ${peer.address}${first ? "" : " is back"}`, flags),
    onDisconnect: (_peer, reason) => {
      note(`- ${escapeText(reason.message)}${reason.willRetry ? "; it may come back" : ""}`, flags);
      if (server?.isListening === false) resolve(ExitCode.OK);
    },
    onFail: (error) => {
      // The output is gone, or its disk is full: nobody would see what still comes.
      if ((error as { callback?: unknown }).callback === "onReceive") reject(error);
      else failed(error);
    },
    onReceive: async (message, peer) => {
      if (left <= 0) return;
      left = flags.until?.matches(message) ? 0 : left - 1;
      const isLast = left === 0;
      printValue(message, { ...flags, form }, { address, from: peer.address });
      // That one peer cannot be answered ends nothing.
      if (flags.echo || reply !== undefined) await peer.send(reply ?? message).catch(failed);
      if (isLast) resolve(ExitCode.OK);
    },
  });
  const isAwaited = flags.count !== undefined || flags.until !== undefined;
  const timer = isAwaited && flags.timeout !== undefined
    ? setTimeout(() => reject(tooLate(address, flags)), flags.timeout)
    : undefined;
  try {
    return await ending.race(promise);
  } finally {
    clearTimeout(timer);
  }
}

function tooLate(
  address: string,
  flags: { until?: Pattern; count?: number; timeout?: number },
): TimeoutError {
  const { until, count, timeout } = flags;
  const wanted = until === undefined ? `${count} messages` : `a message that matches ${until.source}`;
  return new TimeoutError("timeout", `${wanted} did not come to ${address} within ${timeout} ms (--timeout)`);
}

/** @throws {CommandLineError} there is no such file. @throws what `handlersFrom` throws. */
async function load(file: string): Promise<Handlers> {
  const path = resolve(file);
  try {
    await Deno.stat(path);
  } catch {
    throw new CommandLineError(`Cannot use "${file}" as --handlers: no such file in ${Deno.cwd()}`);
  }
  return await handlersFrom(path);
}

/** @throws {CommandLineError} it is given twice. */
function onlyOne(file: string, before: string | undefined): string {
  if (before === undefined) return file;
  throw new CommandLineError(
    `Cannot use both "${before}" and "${file}" as --handlers: one module is wanted, which may export * from others`,
  );
}

const HELP = `
With --count or --until, --timeout is the longest wait for them: exit code 4. All peers are told when it ends.

Examples:
  parley listen tcp://127.0.0.1:16900 -d lines --echo
  parley listen tcp://127.0.0.1:16900 -d lines --until DONE --timeout 30s
  parley listen tcp://127.0.0.1:5025 -d lines --reply 'ACME,3000,0,1.0'`;
