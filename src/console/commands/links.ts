import { LinkBoard } from "../link_board.ts";
import { screenSize } from "../../show/screen_size.ts";
import type { Command } from "./command.ts";

/** `.links` */
export const links: Command = {
  name: "links",
  usage: "",
  about: "what links carry, live",
  help:
    `Name, kind, address, dialect, state, peers, messages in and out and age of each link; bytes in and out, messages and
bytes per second over the last 4 seconds, a row of bars for the messages of the last 16, and how long the last answer
took and the median of the last 128. Columns in which nothing stands are left out, and on a narrow screen those that tell least. Of a client that reconnects the
state is "down" while it tries. "2 + 1 down" are two peers, and one whose link is lost and that may come back. A
serial port has its settings behind its address; .ports tells of the ports themselves. Any key ends it.
Example:
  const s = await listen("tcp://127.0.0.1:0")
  .links`,
  async run(_text, { book, print, showLive }) {
    if (book.links.length === 0) {
      return print("No links. await connect(address) or listen(address) makes one.");
    }
    if (showLive === undefined) return print(new LinkBoard(book).lines().join("\n"));
    await showLive(new LinkBoard(book, () => screenSize()?.columns ?? Infinity));
  },
};
