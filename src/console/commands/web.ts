import { openBrowser } from "../../web/open_browser.ts";
import { suggestion } from "../../suggestion.ts";
import { type Command, CommandError } from "./command.ts";

/** `.web` */
export const web: Command = {
  name: "web",
  usage: "[open|off|port]",
  about: "show it all in a browser",
  help:
    `Prints the address of a page with live links, traffic, plots and a send box. The token in it lets one page in;
.web prints another one. "open" opens a browser as well, a number is the port to use, "off" ends it.
Example:
  .web`,
  words: (before) => before.length === 0 ? ["open", "off"] : [],
  async run(text, { web: door, print }) {
    if (text === "off") {
      const wasOpen = door.view !== undefined;
      await door.close();
      return print(wasOpen ? "The web view is closed." : "There is no web view; .web starts one.");
    }
    const port = text === "" || text === "open" ? 0 : readPort(text);
    const isOther = door.view !== undefined && port !== 0 && door.view.port !== port;
    if (isOther) {
      throw new CommandError(`The web view is on port ${door.view!.port}; close it with .web off first`);
    }
    const { address } = await door.open(port);
    print(`The web view is at ${address}`);
    if (text === "open" && !await openBrowser(address)) {
      print("No browser could be opened: open that address in one.");
    }
  },
};

/** @throws {CommandError} it is none. */
function readPort(text: string): number {
  if (/^[1-9]\d{0,4}$/.test(text) && Number(text) <= MAX_PORT) return Number(text);
  const near = /^\d/.test(text)
    ? `; a port is a number from 1 to ${MAX_PORT}`
    : suggestion(text, ["open", "off"]) || "; there are open, off and a port";
  throw new CommandError(`Cannot do .web "${text}"${near}`);
}

const MAX_PORT = 65_535;
