import { Option } from "@commander-js/extra-typings";
import { ExitCode } from "../console/exit_code.ts";
import { call, callCommand } from "./calling.ts";
import { printValue } from "./printer.ts";
import type { AnyCommand, Finish, Subcommand } from "./subcommand.ts";

/** `parley request` */
export const request: Subcommand = (finish: Finish): AnyCommand =>
  callCommand("request", "call a named request and print its answer", "native")
    .argument("<address>", "such as tcp://127.0.0.1:16900")
    .argument("<name>", "the name it is registered under there")
    .argument("[args...]", "its arguments: JSON where they are JSON, otherwise text")
    .option("--key <text>", "handled once over there, however often it is called with this key")
    .addOption(
      new Option("--stream", "print each part of an answer that comes in parts, on a line of its own")
        .conflicts("key"),
    )
    .action(async (address, name, args, flags) => {
      await using client = await call(address, { ...flags, dialect: flags.dialect ?? "native" });
      const values = args.map(parseArgument);
      const facts = { address, name };
      if (flags.stream) {
        for await (const part of client.stream(name, values)) printValue(part, flags, facts);
      } else {
        printValue(await client.request(name, values, { key: flags.key }), flags, facts);
      }
      finish(ExitCode.OK);
    });

function parseArgument(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
