import {
  bridge as bridgeBetween,
  type Client,
  createClient,
  listen as listenOn,
  type Server,
} from "../../mod.ts";
import { ExitCode } from "../console/exit_code.ts";
import { showError } from "../show/error.ts";
import { escapeText } from "../show/escape.ts";
import { linkCommand, type LinkFlags, linkOptions } from "./command_line.ts";
import { onStop } from "./on_stop.ts";
import { note } from "./printer.ts";
import type { AnyCommand, Finish, Subcommand } from "./subcommand.ts";
import { isSerialAddress } from "./serial_flags.ts";

/** `parley bridge` */
export const bridge: Subcommand = (finish: Finish): AnyCommand =>
  linkCommand("bridge", "put a device or a program on another address, until Ctrl-C", "raw")
    .argument("<address>", "what is connected to, and again when it is lost, such as serial:/dev/ttyUSB0")
    .argument("<listen>", "where others connect, such as tcp://:5025; all of them share the link")
    .option("--connect", "connect to the second address as well")
    .action(async (address, other, flags) => {
      const shared: LinkFlags = { ...flags, dialect: flags.dialect ?? "raw" };
      const onFail = (error: Error) => note(`! ${showError(error, false)}`, flags);
      const dial = (to: string): Promise<Client> =>
        createClient(to, {
          ...linkOptions(to, ofThisKind(to, shared)),
          reconnect: true,
          onConnect: (peer, { first }) => note(`${first ? "" : "again "}connected to ${peer.address}`, flags),
          onDisconnect: (_peer, reason) => note(`- ${escapeText(reason.message)}`, flags),
          onFail,
        }).start();
      const serve = (at: string): Promise<Server> =>
        listenOn(at, {
          ...linkOptions(at, ofThisKind(at, shared)),
          onInitialize: ({ address, dialect }) => note(`listening on ${address} (${dialect})`, flags),
          onConnect: (peer) => note(`+ ${peer.address}`, flags),
          onDisconnect: (_peer, reason) => note(`- ${escapeText(reason.message)}`, flags),
          onFail,
        });
      await using near = await dial(address);
      await using far = flags.connect === true ? await dial(other) : await serve(other);
      await using between = bridgeBetween(near, far, { onFail });
      let code: number = ExitCode.OK;
      const ignore = onStop((why) => {
        code = why;
        between.close();
      });
      const reason = await between.closed;
      ignore();
      const { aToB, bToA, dropped } = between.counts;
      if (flags.json) tell("end", { reason: reason.message, aToB, bToA, dropped });
      else {note(
          `${escapeText(reason.message)}; ${aToB} messages there, ${bToA} back, ${dropped} dropped`,
          flags,
        );}
      finish(code);
    });

/** Flags for serial ports are for the end that is one. */
export function ofThisKind(address: string, flags: LinkFlags): LinkFlags {
  if (isSerialAddress(address)) return flags;
  const { dialect, newline, option, timeout, json, quiet } = flags;
  return { dialect, newline, option, timeout, json, quiet };
}
