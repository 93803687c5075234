import { type Command, CommandError } from "./command.ts";

/** `.help` */
export const help: Command = {
  name: "help",
  usage: "[command]",
  about: "show this page, or more about one command",
  help: `Example:
  .help save`,
  run(text, shell) {
    if (text === "") return shell.print(page(shell.commands));
    const name = text.replace(/^\./, "");
    const command = shell.commands.find((each) => each.name === name);
    if (command === undefined) throw new CommandError(`No command ".${name}"; .help lists all of them`);
    shell.print(`.${command.name} ${command.usage}`.trimEnd() + `\n  ${command.about}\n\n${command.help}`);
  },
};

function page(commands: readonly Command[]): string {
  const rows = commands.map(({ name, usage, about }) => `  ${`.${name} ${usage}`.padEnd(24)} ${about}`);
  return [
    "Type TypeScript. Everything Parley exports is at hand; await works; _ is the last value.",
    "",
    '  const s = await listen("tcp://127.0.0.1:16900", { onReceive: (m, peer) => peer.send(m) })',
    '  s.onRequest("time", () => Date.now())',
    '  const c = await connect("tcp://127.0.0.1:16900")',
    '  await c.request("time")           await c.send("hello")           await c.close()',
    '  { dialect: "lines" }  text in lines: then await c.ask("*IDN?")    { dialect: "raw" }  bytes',
    '  connect(address, { reconnect: true }) comes back    for await (const part of c.stream("name")) …',
    "",
    ...rows,
    "",
    "  Tab completes.  Up and Ctrl-R search what was typed before.  Ctrl-C stops what runs, or clears the line.",
    "  Ctrl-D leaves and closes all links.",
  ].join("\n");
}
