import { Option } from "@commander-js/extra-typings";
import { Client, createClient, createServer, type Peer, type Traffic } from "../../mod.ts";
import { TrafficBook } from "../console/traffic/traffic_book.ts";
import { jsonText } from "../console/json_text.ts";
import { writeOut } from "../console/write_out.ts";
import { openBrowser } from "../web/open_browser.ts";
import type { WebView } from "../web/web_view.ts";
import { ofThisKind } from "./bridge.ts";
import { linkCommand, type LinkFlags, linkOptions } from "./command_line.ts";
import { CommandLineError } from "./failure.ts";
import { onStop } from "./on_stop.ts";
import { note } from "./printer.ts";
import { isSerialAddress } from "./serial_flags.ts";
import type { AnyCommand, Finish, Subcommand } from "./subcommand.ts";
import { keepUp, notes, shortName, type WatchedLink } from "./web_links.ts";

/** `parley web` */
export const web: Subcommand = (finish: Finish): AnyCommand =>
  linkCommand("web", "show links, traffic and plots in a browser on this machine, until Ctrl-C")
    .argument("[addresses...]", "connect there, such as tcp://192.168.1.99:5025 or serial:/dev/ttyUSB0")
    .addOption(listenOption())
    .option("--port <number>", "the port of the page (default: one that is free)", parsePort)
    .option("--open", "open a browser as well")
    .addHelpText("after", HELP)
    .action(async (addresses, flags) => {
      const book = new TrafficBook();
      const links = makeLinks(addresses, flags.listen ?? [], flags);
      for (const link of links) {
        const onTraffic = (traffic: Traffic, peer: Peer) =>
          book.push({ at: Date.now(), link, peer, traffic, isOwn: false });
        // Nobody has to receive what is only looked at, or a link would stand still for want of it.
        link.use({
          ...notes(link, flags),
          onTraffic: (...said) => void onTraffic(...said),
          onReceive: () => {},
        });
      }
      const done = Promise.withResolvers<number>();
      const stop = new AbortController();
      const ignore = onStop(done.resolve);
      let view: WebView | undefined;
      try {
        for (const link of links) if (!(link instanceof Client)) await link.start();
        // Loaded here: no other subcommand is to wait for the page.
        const { WebView } = await import("../web/web_view.ts");
        view = new WebView({
          links: () => links.map((link) => ({ link, name: shortName(link), waiting: waitingOf(link) })),
          entries: () => book.entries(),
          watch: (watch) => book.watch(watch),
        }, { port: flags.port, renewal: "start parley web anew for another one" });
        const { address } = view;
        writeOut(Deno.stdout, `${flags.json ? jsonText({ address }) : address}\n`);
        if (flags.open && !await openBrowser(address)) note("! no browser could be opened", flags);
        keepUp(links, flags, stop.signal).catch(done.reject);
        finish(await done.promise);
      } finally {
        ignore();
        stop.abort();
        await view?.close();
        await Promise.all(links.map((link) => link.close()));
      }
    });

/** @throws {CommandLineError} there is none, or flags that are for none of them. */
function makeLinks(addresses: readonly string[], listen: readonly string[], flags: LinkFlags): WatchedLink[] {
  const isAlone = listen.includes(ALONE);
  const servers = [...listen.filter((each) => each !== ALONE), ...isAlone ? addresses : []];
  const clients = isAlone ? [] : addresses;
  const all = [...servers, ...clients];
  if (all.length === 0) {
    throw new CommandLineError(
      "Cannot show anything: give an address to connect to, or --listen and an address",
    );
  }
  const hasSerial = all.some(isSerialAddress);
  const optionsOf = (address: string) => linkOptions(address, hasSerial ? ofThisKind(address, flags) : flags);
  return [
    ...clients.map((address) => createClient(address, { ...optionsOf(address), reconnect: true })),
    ...servers.map((address) => createServer(address, optionsOf(address))),
  ];
}

function waitingOf(link: WatchedLink): number {
  return link instanceof Client ? 0 : link.waiting;
}

function listenOption() {
  return new Option("-l, --listen [address]", "listen there, may be given again; alone: on all addresses")
    .preset(ALONE)
    .argParser((address: string, before: readonly string[] = []) => [...before, address]);
}

/** What `--listen` without an address stands for. */
const ALONE = "";

function parsePort(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= MAX_PORT) return Number(text);
  throw new CommandLineError(`Cannot use "${text}" as --port: a number from 0 to ${MAX_PORT} is wanted`);
}

const MAX_PORT = 65_535;

const HELP = `
Prints the address of the page; the token in it lets one page in. The page is for this machine only.

Examples:
  parley web serial:/dev/ttyUSB0 --baud 9600 --open
  parley web tcp://192.168.1.99:5025 --dialect lines
  parley web --listen tcp://:16900 --dialect leads`;
