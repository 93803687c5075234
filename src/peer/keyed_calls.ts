import { asError } from "../errors.ts";
import type { Session } from "../session.ts";
import type { Endpoint } from "./endpoint.ts";
import type { KeyedResult } from "./key_table.ts";

/** A request with a key that is to be handled. */
export interface KeyedCall {
  /** True while others than its caller wait for its result. */
  readonly isShared: boolean;
  /** Tells its result to all who wait, and keeps it for those who come later. */
  settle(result: KeyedResult): void;
}

/** Requests with a key on one link: looks them up in the table that all links of the endpoint share. */
export class KeyedCalls {
  readonly #endpoint: Endpoint;
  readonly #session: Session;

  constructor(endpoint: Endpoint, session: Session) {
    this.#endpoint = endpoint;
    this.#session = session;
  }

  /**
   * A request under `key` has come. The first one is returned: it is to be handled, and `reply` gets its result. Any
   * other one is answered through `reply`, now or later.
   */
  claim(key: string, digest: number, reply: (result: KeyedResult) => void): KeyedCall | undefined {
    const { keys, alarm } = this.#endpoint;
    const known = keys.find(key, alarm.now());
    if (known !== undefined && known.digest !== digest) {
      reply({ code: "key_reused", message: "that key belongs to another request: name or arguments differ" });
    } else if (known?.result !== undefined) {
      reply(known.result);
    } else if (known !== undefined) {
      known.waiting.push(reply);
    } else {
      return this.#begin(key, digest, reply);
    }
    return undefined;
  }

  #begin(key: string, digest: number, reply: (result: KeyedResult) => void): KeyedCall {
    const { keys, alarm } = this.#endpoint;
    const entry = keys.begin(key, digest);
    entry.waiting.push(reply);
    return {
      get isShared() {
        return entry.waiting.length > 1;
      },
      settle: (result) => {
        // Not begun, so not done: the same request may come again.
        if ("code" in result && NOT_HANDLED.has(result.code)) keys.drop(key, entry, result);
        else keys.end(entry, this.#kept(result), alarm.now(), result);
      },
    };
  }

  /** The result as it can be given again: a copy, since the handler may go on to change what it has returned. */
  #kept(result: KeyedResult): KeyedResult {
    if ("code" in result) return result;
    let bytes: number;
    try {
      bytes = this.#session.encode(result.value).length;
    } catch (thrown) {
      const error = asError(thrown);
      return { code: error instanceof RangeError ? "too_large" : "unserialisable", message: error.message };
    }
    if (bytes > MAX_KEPT_BYTES) {
      return {
        code: "answered",
        message: `was handled, and its answer of ${bytes} bytes is not kept (${MAX_KEPT_BYTES} are)`,
      };
    }
    try {
      return { value: structuredClone(result.value) };
    } catch {
      return result; // a proxy: it can be said, but not copied
    }
  }
}

/** The largest answer that is kept to be given again, in bytes as it travels. */
const MAX_KEPT_BYTES = 64 * 1024;
const NOT_HANDLED: ReadonlySet<string> = new Set(["bad_args", "busy", "streams"]);
