import { ask } from "./ask.ts";
import { attach } from "./attach.ts";
import { bridge } from "./bridge.ts";
import { consoleCommand } from "./console.ts";
import { describe } from "./describe.ts";
import { listen } from "./listen.ts";
import { monitor } from "./monitor.ts";
import { ports } from "./ports.ts";
import { request } from "./request.ts";
import { run } from "./run.ts";
import { send } from "./send.ts";
import type { Subcommand } from "./subcommand.ts";

/** All subcommands, in the order of the help. To add one: write its file, and add its line here. */
export const subcommands: readonly Subcommand[] = Object.freeze([
  consoleCommand,
  attach,
  run,
  listen,
  monitor,
  send,
  ask,
  request,
  describe,
  bridge,
  ports,
]);
