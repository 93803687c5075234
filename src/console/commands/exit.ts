import type { Command } from "./command.ts";

/** `.exit` */
export const exit: Command = {
  name: "exit",
  usage: "",
  about: "close all links and leave",
  help: `Example:
  .exit`,
  run(_text, shell) {
    shell.leave();
  },
};
