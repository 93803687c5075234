import { resolve } from "node:path";
import { type Handlers, handlersFrom, listen as listenOn, type Server } from "../../mod.ts";
import { ExitCode } from "../console/exit_code.ts";
import { showError } from "../show/error.ts";
import { escapeText } from "../show/escape.ts";
import { linkCommand, linkOptions } from "./command_line.ts";
import { CommandLineError } from "./failure.ts";
import { onStop } from "./on_stop.ts";
import { note, printValue } from "./printer.ts";
import type { AnyCommand, Finish, Subcommand } from "./subcommand.ts";

/** `parley listen` */
export const listen: Subcommand = (finish: Finish): AnyCommand =>
  linkCommand("listen", "accept links and print every message, until Ctrl-C")
    .argument("<address>", "such as tcp://127.0.0.1:16900; tcp://:16900 is this machine only")
    .option("--echo", "send every message back to whom it came from")
    .option(
      "--handlers <file>",
      "a module whose exported functions answer requests and obey actions",
      onlyOne,
    )
    .option("-n, --count <messages>", "leave after so many messages", parseCount)
    .action(async (address, flags) => {
      const done = Promise.withResolvers<number>();
      let left = flags.count ?? Infinity;
      const handlers = flags.handlers === undefined ? undefined : await load(flags.handlers);
      let server: Server | undefined = undefined;
      server = await listenOn(address, {
        ...linkOptions(address, flags),
        handlers,
        // A serial line has its peer before anybody can say that it is listened on.
        onInitialize: ({ address, dialect }) => note(`listening on ${address} (${dialect})`, flags),
        onConnect: (peer, { first }) => note(`+ ${peer.address}${first ? "" : " is back"}`, flags),
        onDisconnect: (_peer, reason) => {
          note(`- ${escapeText(reason.message)}${reason.willRetry ? "; it may come back" : ""}`, flags);
          if (server?.isListening === false) done.resolve(ExitCode.OK);
        },
        onFail: (error) => note(`! ${showError(error, false)}`, flags),
        onReceive: async (message, peer) => {
          if (left <= 0) return;
          left--;
          printValue(message, flags, { from: peer.address });
          if (flags.echo) await peer.send(message);
          if (left === 0) done.resolve(ExitCode.OK);
        },
      });
      const ignore = onStop(done.resolve);
      const code = await done.promise;
      ignore();
      await server.close();
      finish(code);
    });

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

function parseCount(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) {
    throw new CommandLineError(`Cannot use "${text}" as --count: a whole number above 0 is wanted`);
  }
  return Number(text);
}
