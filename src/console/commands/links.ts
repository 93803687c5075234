import { Client, describeSettings, SerialClient } from "../../../mod.ts";
import { escapeText } from "../../show/escape.ts";
import type { Link } from "../link_book.ts";
import { textTable } from "../text_table.ts";
import type { Command } from "./command.ts";

/** `.links` */
export const links: Command = {
  name: "links",
  usage: "",
  about: "show all links made here",
  help:
    `Name, kind, address, dialect, state, peers, messages in and out, and age of each link. Of a client that
reconnects the state is "down" while it tries. "2 + 1 down" are two peers, and one whose link is lost and that may
come back. A serial port has its settings behind its address; .ports tells of the ports themselves.
Example:
  const s = await listen("tcp://127.0.0.1:0")
  .links`,
  run(_text, { book, print }) {
    if (book.links.length === 0) {
      return print("No links. await connect(address) or listen(address) makes one.");
    }
    const rows = book.links.map((link) => row(book.nameOf(link), link, book.waitingOf(link)));
    print(textTable([["name", "kind", "address", "dialect", "state", "peers", "in", "out", "age"], ...rows]));
  },
};

function row(name: string, link: Link, waiting: number): string[] {
  const { messagesIn, messagesOut } = link.counts;
  const isClient = link instanceof Client;
  return [
    name === link.address ? "" : name,
    link instanceof SerialClient ? "serial" : isClient ? "client" : "server",
    link instanceof SerialClient ? `${link.address} ${describeSettings(link.settings)}` : link.address,
    link.dialect,
    isClient ? link.state : link.isListening ? "listening" : "stopped",
    isClient ? (link.isOpen ? "1" : "0") : `${link.peers.size}${waiting === 0 ? "" : ` + ${waiting} down`}`,
    String(messagesIn),
    String(messagesOut),
    link.openedAt === undefined ? "" : age(Date.now() - link.openedAt),
  ].map((cell) => escapeText(cell));
}

function age(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}
