import type { Command } from "./command.ts";
import { exit } from "./exit.ts";
import { filter } from "./filter.ts";
import { find } from "./find.ts";
import { format, hex } from "./format.ts";
import { help } from "./help.ts";
import { history } from "./history.ts";
import { links } from "./links.ts";
import { load } from "./load.ts";
import { log } from "./log.ts";
import { mute, unmute } from "./mute.ts";
import { ping } from "./ping.ts";
import { ports } from "./ports.ts";
import { record } from "./record.ts";
import { replay } from "./replay.ts";
import { run } from "./run.ts";
import { save } from "./save.ts";
import { share } from "./share.ts";
import { dtr, rts, sendBreak } from "./signal.ts";
import { stamps } from "./stamps.ts";
import { watch } from "./watch.ts";
import { web } from "./web.ts";

/** All dot-commands, in the order of `.help`. To add one: write its file, and add its line here. */
export const commands: readonly Command[] = Object.freeze([
  help,
  links,
  ping,
  ports,
  dtr,
  rts,
  sendBreak,
  watch,
  format,
  hex,
  stamps,
  filter,
  mute,
  unmute,
  find,
  log,
  record,
  replay,
  web,
  save,
  load,
  run,
  history,
  share,
  exit,
]);
