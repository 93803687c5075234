import type { SubcommandEntry } from "./subcommand.ts";

const SCRIPTS = "Prompt and scripts";
const TALK = "Say something and leave";
const WATCH = "Stay and watch";
const MORE = "Find out";

/** All subcommands, in the order of the help. To add one: write its file, and add its line here. */
export const subcommands: readonly SubcommandEntry[] = Object.freeze([
  {
    name: "console",
    group: SCRIPTS,
    usage: "",
    about: "the prompt; or evaluates standard input (default)",
    load: async () => (await import("./console.ts")).consoleCommand,
  },
  {
    name: "attach",
    group: SCRIPTS,
    usage: "[name]",
    about: "a prompt, or a pipe, in a console that is shared",
    load: async () => (await import("./attach.ts")).attach,
  },
  {
    name: "run",
    group: SCRIPTS,
    usage: "<script>",
    about: "run a script, such as one that .save made",
    load: async () => (await import("./run.ts")).run,
  },
  {
    name: "replay",
    group: SCRIPTS,
    usage: "<recording> [address]",
    about: "play a recording back, or be its other side",
    load: async () => (await import("./replay.ts")).replay,
  },
  {
    name: "send",
    group: TALK,
    usage: "<address> [message...]",
    about: "send messages: arguments, or lines of a pipe",
    load: async () => (await import("./send.ts")).send,
  },
  {
    name: "ask",
    group: TALK,
    usage: "<address> [message...]",
    about: "send each and print what comes back",
    load: async () => (await import("./ask.ts")).ask,
  },
  {
    name: "request",
    group: TALK,
    usage: "<address> <name> [args...]",
    about: "call a named request, print its answer",
    load: async () => (await import("./request.ts")).request,
  },
  {
    name: "describe",
    group: TALK,
    usage: "<address>",
    about: "what the other side has handlers for",
    load: async () => (await import("./describe.ts")).describe,
  },
  {
    name: "monitor",
    group: WATCH,
    usage: "<address>",
    about: "a terminal to a device; in a pipe: its bytes",
    load: async () => (await import("./monitor.ts")).monitor,
  },
  {
    name: "listen",
    group: WATCH,
    usage: "<address>",
    about: "accept links, print messages, answer them",
    load: async () => (await import("./listen.ts")).listen,
  },
  {
    name: "bridge",
    group: WATCH,
    usage: "<address> <listen>",
    about: "put a device on the network",
    load: async () => (await import("./bridge.ts")).bridge,
  },
  {
    name: "web",
    group: WATCH,
    usage: "[addresses...]",
    about: "links, traffic and plots in a browser here",
    load: async () => (await import("./web.ts")).web,
  },
  {
    name: "ports",
    group: MORE,
    usage: "",
    about: "serial ports, the newest last",
    load: async () => (await import("./ports.ts")).ports,
  },
  {
    name: "profiles",
    group: MORE,
    usage: "",
    about: "names for addresses and how to talk there",
    load: async () => (await import("./profiles.ts")).profiles,
  },
  {
    name: "cheat",
    group: MORE,
    usage: "[task]",
    about: "examples by task: a page to copy from",
    load: async () => (await import("./cheat.ts")).cheat,
  },
  {
    name: "complete",
    group: MORE,
    usage: "<shell>",
    about: "Tab for bash, zsh, fish and PowerShell",
    load: async () => (await import("./complete.ts")).complete,
  },
]);
