import type { Dialect } from "../../../src/dialect/dialect.ts";
import { ParleyError, ProtocolError } from "../../../src/errors.ts";
import type { ReceiveBuffer } from "../../../src/receive_buffer.ts";
import { Session, type SessionOptions } from "../../../src/session.ts";
import type { SessionEvent } from "../../../src/session_event.ts";
import { Digest } from "../digest.ts";
import { feedPieces } from "../pieces.ts";
import { BrokenRule, type Outcome } from "../target.ts";
import { checkValue } from "./value_rules.ts";

/** One end of a conversation, and how far it has got when the input begins. */
export interface TalkOptions extends SessionOptions {
  readonly dialect: Dialect;
  /** The most bytes that may wait for the rest of their frame. */
  readonly mostWaiting: number;
  /** Opens the session; returns how many calls of its own wait, their tokens being 1, 2, 3 … */
  readonly prepare: (session: Session) => number;
  /** True when it means nothing where messages begin and end. */
  readonly streaming?: boolean;
}

/** Feeds bytes to a session as the other end would send them, lets it run out of time, and checks all it tells. */
export function talk(
  bytes: Uint8Array,
  sizes: readonly number[],
  lap: () => void,
  options: TalkOptions,
): Outcome {
  const { dialect, mostWaiting, prepare, streaming = false, ...rest } = options;
  const watched = watch(dialect);
  const session = new Session(watched.dialect, rest);
  const calls = prepare(session);
  session.takeOutput();
  const listener = new Listener(session, streaming);
  lap();
  feedPieces(bytes, sizes, (piece) => {
    listener.hear(session.receive(piece, 2));
    lap();
    if (!listener.isDead && watched.waiting() > mostWaiting) {
      throw new BrokenRule(
        `${watched.waiting()} bytes wait for the rest of a frame, at most ${mostWaiting} may`,
      );
    }
  });
  const most = MOST_OUTPUT_BYTES + MOST_OUTPUT_EACH * bytes.length;
  if (session.outputBytes > most) {
    throw new BrokenRule(
      `${session.outputBytes} bytes are to be sent because of ${bytes.length}, at most ${most} may`,
    );
  }
  listener.hear(session.receiveEnd(3));
  listener.hear(session.tick(10_000_000));
  listener.checkCalls(calls);
  lap();
  return { digest: listener.digest.value, refused: listener.refused };
}

/** Takes the events of a session. */
class Listener {
  readonly digest = new Digest();
  readonly refused: string[] = [];
  isDead = false;
  readonly #session: Session;
  readonly #streaming: boolean;
  readonly #settled = new Set<unknown>();

  constructor(session: Session, streaming: boolean) {
    this.#session = session;
    this.#streaming = streaming;
  }

  hear(events: readonly SessionEvent[]): void {
    for (const event of events) {
      if (this.isDead && event.kind !== "failed") {
        throw new BrokenRule(`"${event.kind}" came after a fatal fault`);
      }
      switch (event.kind) {
        case "fault":
          this.#refuse(event.error);
          break;
        case "answered":
        case "failed":
          this.#settle(event);
          break;
        case "message":
          if (this.#streaming) {
            this.digest.run(event.value as Uint8Array);
            continue;
          }
          break;
        case "body": // in pieces as they came
          this.digest.run(event.bytes);
          continue;
        case "file":
          if (event.token !== undefined) this.#settle(event);
          break;
        case "request":
          // Answered while more comes, as handlers do.
          if (typeof event.id === "number" && event.id % 2 === 0) this.#session.answer(event.id, event.name);
      }
      if ("value" in event) checkValue(event.value);
      if ("args" in event) checkValue(event.args);
      if ("kwargs" in event) checkValue(event.kwargs);
      this.digest.any(event);
    }
  }

  /** Every call of ours has ended, since its time is up. */
  checkCalls(count: number): void {
    for (let token = 1; token <= count; token++) {
      if (!this.#settled.has(token)) throw new BrokenRule(`Call ${token} has neither an answer nor an error`);
    }
  }

  #refuse(error: ProtocolError): void {
    if (!(error instanceof ProtocolError) || error.code === "dialect_failed") {
      throw new BrokenRule(`Not a ProtocolError: ${causes(error)}`);
    }
    this.isDead = error.fatal;
    this.refused.push(error.code);
  }

  #settle(event: SessionEvent & { kind: "answered" | "failed" | "file" }): void {
    if (this.#settled.has(event.token)) throw new BrokenRule(`Call ${event.token} has ended twice`);
    this.#settled.add(event.token);
    if (
      event.kind === "failed" && !(event.error instanceof ParleyError && event.error.outcome !== undefined)
    ) {
      throw new BrokenRule(`Failed without a code and an outcome: ${causes(event.error)}`);
    }
  }
}

/** The dialect with a look at the bytes that its conversation leaves in the buffer. */
function watch(dialect: Dialect): { dialect: Dialect; waiting: () => number } {
  let seen: ReceiveBuffer | undefined;
  const watched: Dialect = {
    ...dialect,
    converse(host) {
      const conversation = dialect.converse(host);
      const receive = conversation.receive.bind(conversation);
      conversation.receive = (buffer, now) => {
        seen = buffer;
        receive(buffer, now);
      };
      return conversation;
    },
  };
  return { dialect: watched, waiting: () => seen?.length ?? 0 };
}

function causes(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? "" : `\nbecause ${causes(error.cause)}`;
  return `${error.stack ?? error}${cause}`;
}

/** What a session may have to say because of what it has heard: an error for every frame is the most. */
const MOST_OUTPUT_BYTES = 4096;
const MOST_OUTPUT_EACH = 16;
