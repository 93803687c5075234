import {
  bridge as bridgeBetween,
  type Client,
  type CloseReason,
  createClient,
  listen as listenOn,
  type Peer,
  type Server,
} from "../../mod.ts";
import { ExitCode } from "../console/exit_code.ts";
import { jsonText } from "../console/json_text.ts";
import { showError } from "../show/error.ts";
import { escapeText } from "../show/escape.ts";
import { linkCommand, type LinkFlags, linkOptions } from "./command_line.ts";
import { untilEnded } from "./ending.ts";
import { note, printData } from "./printer.ts";
import { isSerialAddress } from "./serial_flags.ts";
import type { AnyCommand, Finish, Subcommand } from "./subcommand.ts";

/** `parley bridge` */
export const bridge: Subcommand = (finish: Finish): AnyCommand =>
  linkCommand("bridge", "put a device or a program on another address, until Ctrl-C", "raw")
    .argument(
      "<address>",
      "what is connected to, and again when it is lost, such as serial:/dev/ttyUSB0, or a profile",
    )
    .argument("<listen>", "where others connect, such as tcp://:5025; all of them share the link")
    .option("--connect", "connect to the second address as well")
    .action(async (address, other, flags) => {
      const code = await untilEnded(async (ending) => {
        const tell = (text: string, event: string, facts: Record<string, unknown>) => {
          if (!flags.json) return note(text, flags);
          try {
            printData(`${jsonText({ time: new Date().toISOString(), event, ...facts })}\n`);
          } catch {
            ending.end(ExitCode.OK); // nobody reads it any more
          }
        };
        const shared = {
          signal: ending.signal,
          onDisconnect: (peer: Peer, { message }: CloseReason) =>
            tell(`- ${escapeText(message)}`, "down", { address: peer.address, message }),
          onFail: (error: Error) => tell(`! ${showError(error, false)}`, "failure", { error }),
        };
        const given: LinkFlags = { ...flags, dialect: flags.dialect ?? "raw" };
        const dial = (to: string): Promise<Client> => {
          let told = "";
          return createClient(to, {
            ...linkOptions(to, ofThisKind(to, given)),
            ...shared,
            reconnect: true,
            onFail: (error) => {
              if (error.message === told) return; // attempt after attempt in vain
              told = error.message;
              shared.onFail(error);
            },
            onEvent: (event) => {
              if (event.kind === "retry" && event.attempt === 2) {
                note(`trying ${to} until it is there`, flags);
              }
            },
            onConnect: (peer, { first }) => {
              told = "";
              tell(`${first ? "" : "again "}connected to ${peer.address}`, "up", {
                address: peer.address,
                first,
              });
            },
          }).start();
        };
        const serve = (at: string): Promise<Server> =>
          listenOn(at, {
            ...linkOptions(at, ofThisKind(at, given)),
            ...shared,
            onInitialize: ({ address, dialect }) =>
              tell(`listening on ${address} (${dialect})`, "listening", { address, dialect }),
            onConnect: (peer) => tell(`+ ${peer.address}`, "up", { address: peer.address }),
          });
        await using near = await dial(address);
        await using far = flags.connect === true ? await dial(other) : await serve(other);
        await using between = bridgeBetween(near, far, { onFail: shared.onFail });
        const { message } = await between.closed;
        const { aToB, bToA, dropped } = between.counts;
        tell(
          `${escapeText(message)}; ${aToB} messages there, ${bToA} back, ${dropped} dropped`,
          "end",
          { message, aToB, bToA, dropped },
        );
        return ExitCode.OK;
      });
      finish(code);
    });

/** Flags for serial ports are for the end that is one. */
export function ofThisKind(address: string, flags: LinkFlags): LinkFlags {
  if (isSerialAddress(address)) return flags;
  const { dialect, newline, option, timeout, json, quiet } = flags;
  return { dialect, newline, option, timeout, json, quiet };
}
