import type { BrokenError, ParleyError } from "../errors.ts";
import type { FileProgress } from "../files/progress.ts";
import type { Session } from "../session.ts";
import type { SessionEvent } from "../session_event.ts";
import type { Wait } from "./caller.ts";
import type { Endpoint } from "./endpoint.ts";
import type { Peer } from "./peer.ts";
import type { ReadGate } from "./read_gate.ts";

/** How long a file waits, and who hears how far it is. */
export interface FileWait extends Wait {
  readonly onProgress?: (progress: FileProgress) => unknown;
}

/** What files need of the conversation that they travel on. */
export interface FileOwner {
  readonly endpoint: Endpoint;
  readonly session: Session;
  readonly label: string;
  readonly peer: Peer;
  readonly gate: ReadGate;
  /** True while there is a link on which messages may flow. */
  readonly isOpen: boolean;
  /** True while calls are taken. */
  readonly canCall: boolean;
  /** Bytes that are not handed to the system yet, without those that the wire holds back behind a file. */
  readonly unsentBytes: number;
  /** The error for something that is not taken. */
  cannotSend(what: string): ParleyError;
  /** What was said leaves. */
  flush(): void;
  /** What was said leaves, and somebody waits for an answer now, until `deadline` at most. */
  called(deadline: number): void;
  /** Handles these events, as if they had come just now. */
  feed(events: readonly SessionEvent[]): void;
  /** Tells `onFail` of a file that nobody awaits: `doing` says what went wrong, `thrown` why. */
  report(thrown: unknown, doing: string): void;
  /** The rest of a file will never come, or never leave: the link is of no use any more. */
  breakLink(error: BrokenError): void;
  /** Milliseconds on a clock that never jumps. */
  now(): number;
  /** Something is due at `at`. */
  wake(at: number): void;
}
