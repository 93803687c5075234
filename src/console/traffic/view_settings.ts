import type { Direction, Traffic } from "../../../mod.ts";
import type { StampKind } from "../../show/stamps.ts";
import type { Link } from "../link_book.ts";
import type { TrafficFormat } from "./traffic_format.ts";
import type { TrafficQuery } from "./traffic_query.ts";

/** Something that may be shown: who said it to whom. */
export interface Shown {
  readonly link: Link;
  readonly peer: { readonly address: string };
  readonly direction: Direction;
  readonly kind?: Traffic["kind"];
  /** Said by the input that is being evaluated, or to it. */
  readonly isOwn: boolean;
}

/** Which traffic the user wants to see as it comes, and how. */
export class ViewSettings {
  /** Whether traffic is shown as it comes; `all` shows also what a typed input asks and is answered. */
  watch: "on" | "off" | "all" = "on";
  /** What lines are stamped with. */
  stamps: StampKind | "off" = "clock";
  /** What is shown at all; everything by default. */
  filter: TrafficQuery | undefined;
  readonly #nameOf: (link: Link) => string;
  readonly #muted = new Set<Link>();
  readonly #formats = new Map<Link, TrafficFormat>();
  #format: TrafficFormat = "js";
  #hidden = 0;
  /** When the user is told next how much is hidden, in milliseconds since 1970. */
  #tellAt = Infinity;

  constructor(nameOf: (link: Link) => string) {
    this.#nameOf = nameOf;
  }

  /** The format of links that have none of their own. */
  get format(): TrafficFormat {
    return this.#format;
  }

  /** The links with a format of their own. */
  get formats(): ReadonlyMap<Link, TrafficFormat> {
    return this.#formats;
  }

  /** How what is said on a link is shown. */
  formatOf(link: Link): TrafficFormat {
    return this.#formats.get(link) ?? this.#format;
  }

  /** Changes how a link is shown, or all of them. */
  setFormat(format: TrafficFormat, link?: Link): void {
    if (link !== undefined) return void this.#formats.set(link, format);
    this.#format = format;
    this.#formats.clear();
  }

  /** The links of which nothing is shown. */
  get muted(): ReadonlySet<Link> {
    return this.#muted;
  }

  mute(link: Link): void {
    this.#muted.add(link);
  }

  /** Shows a link again, or all of them. */
  unmute(link?: Link): void {
    if (link === undefined) this.#muted.clear();
    else this.#muted.delete(link);
  }

  /** How many lines a filter and muting have kept back since this was asked last. */
  takeHidden(): number {
    const hidden = this.#hidden;
    this.#hidden = 0;
    this.#tellAt = Infinity;
    return hidden;
  }

  /** Whether a line is to be shown, as far as who said it to whom decides that. */
  shows(line: Shown, lines: number, nowMs: number): boolean {
    if (this.watch === "off" || (line.isOwn && this.watch !== "all")) return false;
    if (this.#muted.has(line.link)) return this.hide(lines, nowMs);
    if (this.filter === undefined) return true;
    const { direction, kind, peer: { address: peer } } = line;
    const suits = this.filter.suits({ name: this.#nameOf(line.link), peer, direction, kind });
    return suits || this.hide(lines, nowMs);
  }

  /** Counts what is kept back; gives false. */
  hide(lines: number, nowMs: number): false {
    this.#hidden += lines;
    if (this.#tellAt === Infinity) this.#tellAt = nowMs + FIRST_TELL_MS;
    return false;
  }

  /** A line for whoever wonders why so little is shown, from time to time while something is hidden. */
  reminder(nowMs: number): string | undefined {
    if (nowMs < this.#tellAt) return undefined;
    this.#tellAt = nowMs + NEXT_TELL_MS;
    const count = `${this.#hidden.toLocaleString("en-US")} ${this.#hidden === 1 ? "line" : "lines"}`;
    return `… ${count} hidden so far by ${this.why()}`;
  }

  /** What a filter cannot do for links that are shown in hexadecimal; empty when there is nothing to say. */
  get bytesNote(): string {
    const isHex = this.#format === "hex" || [...this.#formats.values()].includes("hex");
    if (!isHex || this.filter?.wantsMeaning !== true) return "";
    return " Bytes in hex are no messages yet: of these only in, out, link: and peer: are looked at.";
  }

  /** What hides something, and how to end that; empty when nothing does. */
  why(): string {
    const muted = [...this.#muted].map((link) => this.#nameOf(link)).join(", ");
    return [
      ...this.filter === undefined ? [] : [`.filter ${this.filter.source} (.filter off ends it)`],
      ...muted === "" ? [] : [`.mute ${muted} (.unmute ends it)`],
    ].join(" and ");
  }
}

/** Whoever has just set a filter knows of it, in milliseconds. */
const FIRST_TELL_MS = 10_000;
/** Often enough to remember, and seldom enough not to be in the way. */
const NEXT_TELL_MS = 60_000;
