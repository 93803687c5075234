import { Client } from "../peer/client.ts";
import type { LinkEvent } from "../peer/link_event.ts";
import type { Peer } from "../peer/peer.ts";
import { SerialClient } from "../peer/serial_client.ts";
import type { Server } from "../peer/server.ts";
import type { Direction, Traffic } from "../peer/traffic.ts";
import {
  DEFAULT_SETTINGS,
  type LineSettings,
  type SerialSettings,
} from "../transport/serial/serial_settings.ts";
import type { SecretMask } from "../secret/secret_mask.ts";
import type { WaitingLine } from "./line_queue.ts";
import { MaskedStream } from "./masked_piece.ts";
import { bytesLine, downLine, linkLine, nameLine, saidLine, upLine } from "./recording_line.ts";

/** Where the lines of a link go. */
export interface TapeDeck {
  /** Milliseconds since the recording was started. */
  now(): number;
  write(line: string | WaitingLine): void;
  /** What is not to be written. */
  readonly mask: SecretMask;
  /** True when another link that may still say something has this name. */
  isTaken(name: string): boolean;
}

/** Writes down what passes on one link. */
export class LinkTape {
  readonly #link: Client | Server;
  readonly #wanted: string | (() => string);
  readonly #deck: TapeDeck;
  /** What the peers of a server are called: two may have the same address, one after the other or in memory. */
  readonly #peers = new Map<Peer, string>();
  /** What each side says on each connection, from when there is a secret on. */
  readonly #streams = new Map<Peer, Record<Direction, MaskedStream>>();
  #name: string;
  #peerCount = 0;
  /** False while its name is only its address. */
  #isNamed: boolean;
  #askedAt = -Infinity;

  constructor(link: Client | Server, name: string | (() => string), deck: TapeDeck) {
    this.#link = link;
    this.#wanted = name;
    this.#deck = deck;
    const given = typeof name === "string" ? name : name();
    this.#isNamed = typeof name === "string" || given !== link.address;
    this.#name = this.#free(given);
  }

  /** What the link is called so far. */
  get name(): string {
    return this.#name;
  }

  /** True when the link has ended for good: another one may have its name. */
  get isOver(): boolean {
    const link = this.#link;
    return link instanceof Client ? link.state === "closed" : !link.isListening && link.peers.size === 0;
  }

  /** Tells of the link, and of the connections that are up already. */
  begin(): void {
    const link = this.#link;
    const facts = {
      address: link instanceof Client ? link.target : link.address,
      role: link instanceof Client ? "client" as const : "server" as const,
      dialect: link.dialect,
      ...(link instanceof SerialClient && { settings: unusual(link.settings) }),
    };
    this.#deck.write(linkLine(this.#facts(), facts));
    if (link instanceof Client) {
      if (link.isOpen) this.#deck.write(upLine(this.#facts(link), true));
      return;
    }
    for (const peer of link.peers) this.#deck.write(upLine(this.#facts(peer), true));
  }

  /** The last look at its name, and nothing waits any more. */
  finish(): void {
    this.#rename();
    for (const peer of this.#streams.keys()) this.#endStreams(peer);
  }

  bytes(bytes: Uint8Array, direction: Direction, peer: Peer): void {
    this.#lookAtName();
    for (let at = 0; at < bytes.length; at += MAX_PIECE_BYTES) {
      const facts = this.#facts(peer);
      const cut = bytes.subarray(at, at + MAX_PIECE_BYTES);
      if (this.#deck.mask.isEmpty) {
        this.#deck.write(bytesLine(facts, direction, cut));
        continue;
      }
      const stream = this.#stream(peer, direction);
      const piece = stream.push(cut);
      const toLine = () => bytesLine(facts, direction, piece.bytes, piece.places);
      this.#deck.write({ piece, stream, toLine });
    }
  }

  said(traffic: Traffic, peer: Peer): void {
    if (this.#link.dialect === "raw") return; // there the bytes are what was said
    this.#lookAtName();
    this.#deck.write(saidLine(this.#facts(peer), traffic, this.#deck.mask));
  }

  happened(event: LinkEvent, peer: Peer): void {
    if (event.kind !== "up" && event.kind !== "down") return;
    this.#lookAtName();
    if (event.kind === "down") this.#endStreams(peer);
    const facts = this.#facts(peer);
    if (event.kind === "up") return this.#deck.write(upLine(facts));
    const { reason, willRetry } = event;
    this.#deck.write(downLine(facts, this.#deck.mask.mask(reason.message), reason.byUs));
    if (!willRetry) this.#peers.delete(peer);
  }

  #facts(peer?: Peer): { ms: number; link: string; peer?: string } {
    const ms = this.#deck.now();
    if (peer === undefined || this.#link instanceof Client) return { ms, link: this.#name };
    let name = this.#peers.get(peer);
    if (name === undefined) {
      const isKnown = [...this.#peers.values()].includes(peer.address);
      name = isKnown ? `${peer.address}#${++this.#peerCount}` : peer.address;
      this.#peers.set(peer, name);
    }
    return { ms, link: this.#name, peer: name };
  }

  #stream(peer: Peer, direction: Direction): MaskedStream {
    let streams = this.#streams.get(peer);
    if (streams === undefined) {
      const { mask } = this.#deck;
      streams = { in: new MaskedStream(mask), out: new MaskedStream(mask) };
      this.#streams.set(peer, streams);
    }
    return streams[direction];
  }

  #endStreams(peer: Peer): void {
    for (const stream of Object.values(this.#streams.get(peer) ?? {})) stream.end();
    this.#streams.delete(peer);
  }

  /** The variable that holds a link has it only when the input is done that makes it. */
  #lookAtName(): void {
    if (this.#isNamed) return;
    const now = this.#deck.now();
    if (now - this.#askedAt < NAME_MS) return;
    this.#askedAt = now;
    this.#rename();
  }

  #rename(): void {
    if (this.#isNamed || typeof this.#wanted === "string") return;
    const wanted = this.#wanted();
    if (wanted === this.#link.address) return;
    this.#isNamed = true;
    const name = this.#free(wanted);
    this.#deck.write(nameLine(this.#facts(), name));
    this.#name = name;
  }

  #free(wanted: string): string {
    let name = wanted;
    for (let number = 2; this.#deck.isTaken(name); number++) name = `${wanted}#${number}`;
    return name;
  }
}

/** The settings of a line that are not as by default. */
function unusual(settings: Readonly<LineSettings>): SerialSettings | undefined {
  const names = LINE_NAMES.filter((name) => settings[name] !== DEFAULT_SETTINGS[name]);
  return names.length === 0 ? undefined : Object.fromEntries(names.map((name) => [name, settings[name]]));
}

/** What both ends of a line have to agree about. */
const LINE_NAMES = ["baudRate", "dataBits", "stopBits", "parity", "rtscts", "xon", "xoff", "xany"] as const;

/** A longer piece is written as several: lines are to be looked at. */
const MAX_PIECE_BYTES = 64 * 1024;
/** How often a link without a name is asked for it, in milliseconds: that looks at all variables there are. */
const NAME_MS = 50;
