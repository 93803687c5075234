import type { SharePoint } from "../share/share_point.ts";
import { type Command, CommandError } from "./command.ts";

/** `.share` */
export const share: Command = {
  name: "share",
  usage: "[name|off]",
  about: "let others use these links",
  help:
    `Opens a socket that only you can reach, under that name or the number of this process. In another shell
parley attach NAME  gives a prompt with the same links and variables; what is typed there is told here. Without a
terminal it evaluates its input:  printf 'await psu.ask("*IDN?")\\n' | parley attach NAME --json
Alone it tells who has attached.
Example:
  .share bench
  .share
  .share off`,
  words: (before) => before.length === 0 ? ["off"] : [],
  async run(text, { share, print }) {
    if (share === undefined) {
      throw new CommandError("This console has attached to another one: .share is for that one");
    }
    if (text === "off") return await stop(share, print);
    const { session } = share;
    if (session === undefined) {
      const { name, path } = await share.open(text === "" ? undefined : text);
      return print(`Shared as ${name}: parley attach ${name} in another shell, .share off ends it (${path})`);
    }
    if (text !== "" && text !== session.name) {
      throw new CommandError(`Shared as ${session.name} already; .share off ends that`);
    }
    const seats = session.seats.map(({ name, isBehind }) => isBehind ? `${name} (reads too slowly)` : name);
    print(
      `Shared as ${session.name}: ${
        seats.length === 0 ? "nobody has attached" : seats.join(", ")
      } (${session.path})`,
    );
  },
};

async function stop(share: SharePoint, print: (text: string) => void): Promise<void> {
  const { session } = share;
  if (session === undefined) throw new CommandError("Not shared: .share NAME begins it");
  await share.close();
  print(`No longer shared as ${session.name}.`);
}
