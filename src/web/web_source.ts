import type { Client, Peer, Server, Traffic } from "../../mod.ts";
import type { Masks } from "./plain_value.ts";

/** A link as the web view shows it. */
export interface WebLink {
  /** What people call it: a variable of the console, or its address. */
  readonly name: string;
  readonly link: Client | Server;
  /** How many of its peers have lost it and may come back. */
  readonly waiting: number;
}

/** One thing that was said on a link, and when. */
export interface Said {
  /** Counts all that was said, from 1. */
  readonly seq: number;
  /** In milliseconds since 1970. */
  readonly at: number;
  readonly link: Client | Server;
  readonly peer: Peer;
  readonly traffic: Traffic;
}

/** All that a web view knows of the program that it looks into: the console, or `parley web`. */
export interface WebSource {
  /** All links, the oldest first. */
  links(): readonly WebLink[];
  /** What was said lately, the oldest first. */
  entries(): readonly Said[];
  /** Calls `watch` with all that is said from now on. @returns ends that. */
  watch(watch: (said: Said) => void): () => void;
  /** Hides secrets in all that pages are told; absent where there are none. */
  readonly masks?: Masks;
}
