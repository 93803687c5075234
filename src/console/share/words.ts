/**
 * What a shared console and those who have attached to it say to each other: Parley's native dialect over a Unix socket,
 * with these requests, actions and messages.
 *
 * | from | what | meaning |
 * | --- | --- | --- |
 * | attached | request `hello` (a {@linkcode Hello}) | begins; answered with a {@linkcode Welcome} |
 * | attached | action `input` (id, text) | evaluates it; its end is `done` with that id |
 * | attached | action `stop` | stops what it has running, as Ctrl-C does |
 * | attached | request `complete` (text, cursor) | what could be meant at the cursor |
 * | host | message, a list of {@linkcode Item}s | what is to be shown, in its order |
 *
 * @module
 */
import type { Limits } from "../../../mod.ts";

/** Changes with everything that the other side has to know. */
export const SHARE_VERSION = 1;

/** How one that attaches begins. */
export interface Hello {
  readonly version: number;
  /** `"prompt"` for a person at a terminal, `"text"` or `"json"` for a program that reads values. */
  readonly as: "prompt" | "text" | "json";
  readonly colors: boolean;
  /** Whether traffic and events are wanted. */
  readonly watch: boolean;
}

/** The answer to a {@linkcode Hello}. */
export interface Welcome {
  readonly version: number;
  /** The name that the console is shared under. */
  readonly name: string;
  /** What the one that has attached is called. */
  readonly you: string;
  /** The process of the host: SIGUSR2 stops what keeps it busy, if that is of one that has attached. */
  readonly pid: number;
  /** The names of the links. */
  readonly links: readonly string[];
}

/** Something to be shown, or the end of an input. */
export type Item =
  /** `line`: traffic, events and what others type. `log`: what the input itself has printed. */
  | { readonly kind: "line" | "result" | "failure" | "notice" | "log"; readonly text: string }
  /** So many lines are missing here, because they were not read in time. */
  | { readonly kind: "dropped"; readonly count: number }
  | { readonly kind: "done"; readonly id: number; readonly ok: boolean; readonly exitCode: number }
  /** The input has asked to leave. */
  | { readonly kind: "leave" };

/** The longest text of an input or of one item, in UTF-16 units. */
export const MAX_TEXT_CHARS = 1024 * 1024;

/** Who has attached at once. More than that is a mistake in somebody's loop. */
export const MAX_SEATS = 16;

/** How a link between the two is bounded. */
export const SHARE_LIMITS: Partial<Limits> = Object.freeze({
  /** A text of the longest kind, four bytes for each unit, and what is around it. */
  maxFrameBytes: 8 * 1024 * 1024,
  /** What waits for one that does not read is kept where it is counted and dropped. */
  outboxHighBytes: 256 * 1024,
  /** One that was stopped by Ctrl-Z may go on later; one that has ended is noticed by its socket. */
  heartbeatMs: 24 * 3_600_000,
  silenceMs: 2 * 24 * 3_600_000,
  sendMs: 2 * 24 * 3_600_000,
  /** Leaving does not wait for one that does not read. */
  closeMs: 300,
});
