import type { Command } from "./command.ts";
import { exit } from "./exit.ts";
import { help } from "./help.ts";
import { history } from "./history.ts";
import { links } from "./links.ts";
import { load } from "./load.ts";
import { ports } from "./ports.ts";
import { run } from "./run.ts";
import { save } from "./save.ts";
import { share } from "./share.ts";
import { dtr, rts, sendBreak } from "./signal.ts";
import { watch } from "./watch.ts";

/** All dot-commands, in the order of `.help`. To add one: write its file, and add its line here. */
export const commands: readonly Command[] = Object.freeze([
  help,
  links,
  ports,
  dtr,
  rts,
  sendBreak,
  watch,
  save,
  load,
  run,
  history,
  share,
  exit,
]);
