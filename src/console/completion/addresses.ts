import { Server, transports } from "../../../mod.ts";
import type { Candidate } from "../terminal/completion.ts";
import { calleeOf } from "./chain.ts";
import { onlyListed } from "./folder.ts";
import { type Place, slotAt } from "./place.ts";
import { portNames } from "./port_names.ts";
import type { CompletionWorld, Found } from "./source.ts";
import { inString } from "./string_completion.ts";
import { typedText } from "./string_text.ts";

/** The functions whose first argument is an address, and on which side of the link they are. */
const makers: Readonly<Record<string, "dials" | "listens" | "port">> = {
  connect: "dials",
  createClient: "dials",
  Client: "dials",
  listen: "listens",
  createServer: "listens",
  Server: "listens",
  serial: "port",
  SerialClient: "port",
};

/** More addresses of earlier sessions than this are more than anyone looks through. */
const MAX_REMEMBERED = 30;

/** Addresses in `connect("…`, `listen("…` and the like: open servers, ports, socket files, what was typed before. */
export function addresses(place: Place, world: CompletionWorld): Found {
  const { string, line, cursor } = place;
  const slot = string && slotAt(place, string.start - 1);
  if (slot === undefined || slot.argument !== 0 || slot.object !== undefined) return undefined;
  const callee = calleeOf(slot.callee);
  if (callee === undefined || callee.isMember || !Object.hasOwn(makers, callee.name)) return undefined;
  const typed = typedText(line.slice(string!.start, cursor), string!.quote);
  if (typed === undefined) return undefined;
  const side = makers[callee.name];
  const [scheme = ""] = /^serial:(?:\/\/)?/i.exec(typed) ?? [];
  if (scheme !== "" || (side === "port" && !(typed !== "" && isBeginning("serial:", typed)))) {
    return ports(place, world, scheme, typed.slice(scheme.length));
  }
  const path = /^unix:\/\/(.*)$/.exec(typed)?.[1];
  if (path !== undefined) return socketFiles(place, world, path);
  return inString(place, side === "port" ? [serialScheme] : known(world, side, typed));
}

const serialScheme: Candidate = { text: "serial:", about: "a serial port" };

async function ports(place: Place, world: CompletionWorld, scheme: string, part: string) {
  const there = await world.ports.look();
  const note = there === undefined ? "(the ports are still being looked for: Tab asks again)" : undefined;
  const found = portNames(there ?? [], part);
  const written = found.map(({ text, about }) => ({ text: scheme + text, label: text, about }));
  return inString(place, written, { note });
}

async function socketFiles(place: Place, world: CompletionWorld, path: string) {
  const { entries, note } = await world.folders.look(path);
  const before = known(world, "dials", "unix://").filter(({ text }) => text !== "unix://");
  const files = entries.map(({ text, label }) => ({ text: `unix://${text}`, label }))
    .filter(({ text }) => before.every((each) => each.text !== text));
  const found = inString(place, [...before, ...files], { note });
  return note === undefined ? found : onlyListed(found, place.line.slice(place.string!.start, place.cursor));
}

/** What is known without looking anywhere: servers of this process first, since they are there for sure. */
function known({ shell }: CompletionWorld, side: "dials" | "listens", typed: string): Candidate[] {
  const servers = shell.book.links.filter((link) => link instanceof Server && link.isListening);
  const open = servers.map((link) => ({
    text: link.address,
    about: `open here: ${shell.book.nameOf(link)}`,
  }));
  const schemes = Object.entries(transports).map(([scheme, { about, shape }]) => ({
    text: shape === "device" ? `${scheme}:` : `${scheme}://`,
    about,
  }));
  const hosts = [{ text: "tcp://127.0.0.1:", about: "this machine" }, {
    text: "tcp://localhost:",
    about: "this machine",
  }];
  const before = remembered(shell.history, side).map((text) => ({ text, about: "typed before" }));
  const all = [
    ...side === "dials" ? open : [],
    ...before,
    ...schemes,
    ...isBeginning("tcp://", typed) ? [] : hosts,
  ];
  return [...new Map(all.toReversed().map((each) => [each.text, each])).values()].toReversed();
}

/** The addresses of earlier inputs, the latest first. */
function remembered(history: readonly string[], side: "dials" | "listens"): string[] {
  const calls = side === "dials" ? "connect|createClient" : "listen|createServer";
  const address = new RegExp(String.raw`\b(?:${calls})\s*\(\s*["'\x60]([a-z]+:[^"'\x60\\$]+)["'\x60]`, "g");
  const found = new Set<string>();
  for (let at = history.length - 1; at >= 0 && found.size < MAX_REMEMBERED; at--) {
    for (const [, text] of history[at].slice(0, MAX_INPUT_CHARS).matchAll(address)) found.add(text);
  }
  return [...found];
}

/** Of a longer input only the beginning is looked at: it was pasted. */
const MAX_INPUT_CHARS = 1000;

function isBeginning(text: string, typed: string): boolean {
  return text.startsWith(typed.toLowerCase()) && typed !== text;
}
