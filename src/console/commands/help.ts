import { type Command, CommandError } from "./command.ts";

/** `.help` */
export const help: Command = {
  name: "help",
  usage: "[command]",
  about: "show this page, or more about one command",
  help: `Example:
  .help save`,
  words: (before, { commands }) => before.length === 0 ? commands.map(({ name }) => name) : [],
  run(text, shell) {
    if (text === "") return shell.print(page(shell.commands));
    const name = text.replace(/^\./, "");
    const command = shell.commands.find((each) => each.name === name);
    if (command === undefined) throw new CommandError(`No command ".${name}"; .help lists all of them`);
    shell.print(`.${command.name} ${command.usage}`.trimEnd() + `\n  ${command.about}\n\n${command.help}`);
  },
};

function page(commands: readonly Command[]): string {
  // Commands that do the same to different things share a row.
  const rows = [...Map.groupBy(commands, ({ about }) => about)].map(([about, group]) => {
    const names = group.map(({ name }) => `.${name}`).join(" ");
    const usage = group.every((each) => each.usage === group[0].usage) ? group[0].usage : "";
    return `  ${`${names} ${usage}`.trimEnd().padEnd(30)} ${about}`;
  });
  return [
    "Type TypeScript. Everything Parley exports is at hand; await works; _ is the last value.",
    "",
    '  const s = await listen("tcp://127.0.0.1:16900", { onReceive: (m, peer) => peer.send(m) })',
    '  s.onRequest("time", () => Date.now())',
    '  const c = await connect("tcp://127.0.0.1:16900", { reconnect: true })      await c.request("time")',
    '  await c.send("hello")     for await (const part of c.stream("name")) …     await c.close()',
    '  const psu = await serial("id:KORAD", { baudRate: 9600, reconnect: true })  await psu.ask("*IDN?")',
    '  { dialect: "lines" }  text in lines     { dialect: "raw" }  bytes',
    "",
    ...rows,
    "  Tab completes.  Up, Ctrl-R  what was typed before.  Ctrl-C  stop, or clear the line.  Ctrl-D  leave.",
  ].join("\n");
}
