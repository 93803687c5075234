import type { Kwargs, Message, RequestId } from "../message.ts";

/** Which way something went: `in` came from the other side, `out` was said to it. */
export type Direction = "in" | "out";

/**
 * One thing that was said on a link, whatever the dialect: what `onTraffic` gets, for received and sent alike. An
 * `answer`, a `failure` and a `part` carry the name of the request that they belong to, where it is known, and `ms`, how
 * long after that request they came or were said. The name is empty for the acknowledgement of a message.
 */
export type Traffic =
  & {
    /** Which way it went. */
    readonly direction: Direction;
    /** How many bytes it is on the wire; 0 where that is not known. */
    readonly bytes: number;
    /** What finds the answer of a request, where the wire has it. */
    readonly id?: RequestId;
  }
  & (
    | { readonly kind: "message"; readonly value: unknown }
    | {
      readonly kind: "action" | "request";
      readonly name: string;
      readonly args: readonly unknown[];
      readonly kwargs?: Kwargs;
    }
    | {
      readonly kind: "answer" | "part";
      readonly name: string;
      readonly value: unknown;
      readonly ms?: number;
    }
    | {
      readonly kind: "failure";
      readonly name: string;
      readonly code: string;
      readonly message: string;
      readonly ms?: number;
    }
    | { readonly kind: "cancel"; readonly name: string }
    | { readonly kind: "file"; readonly name: string; readonly size: number }
    | { readonly kind: "file-request"; readonly name: string }
  );

/**
 * All kinds of {@linkcode Traffic}.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { TRAFFIC_KINDS } from "@parley/parley";
 *
 * assert.ok(TRAFFIC_KINDS.includes("message") && TRAFFIC_KINDS.includes("answer"));
 * ```
 */
export const TRAFFIC_KINDS: readonly Traffic["kind"][] = Object.freeze([
  "message",
  "action",
  "request",
  "answer",
  "part",
  "failure",
  "cancel",
  "file",
  "file-request",
]);

/** A call whose answer has not been seen yet. */
interface Open {
  readonly name: string;
  readonly at: number;
}

/** Makes {@linkcode Traffic} of the messages of one conversation: it knows which answer belongs to which request. */
export class TrafficView {
  /** Calls of ours and of theirs, by id; by order where the wire has none. */
  readonly #open: Readonly<Record<Direction, Map<RequestId, Open>>> = { in: new Map(), out: new Map() };

  /** `undefined` for what only keeps the wire going. */
  see(direction: Direction, message: Message, bytes: number, now: number): Traffic | undefined {
    switch (message.kind) {
      case "message":
        this.#begin(direction, message.id, "", now);
        return { direction, bytes, kind: "message", value: message.value, id: message.id };
      case "action":
      case "request": {
        const { kind, name, args, kwargs, id } = message;
        this.#begin(direction, id, name, now);
        return { direction, bytes, kind, name, args, kwargs, id };
      }
      case "file-request":
        this.#begin(direction, message.id, message.name, now);
        return { direction, bytes, kind: "file-request", name: message.name, id: message.id };
      case "answer":
      case "part": {
        const { kind, value, id } = message;
        return { direction, bytes, kind, value, ...this.#end(direction, id, kind === "answer", now) };
      }
      case "failure": {
        const { kind, code, message: text, id } = message;
        return { direction, bytes, kind, code, message: text, ...this.#end(direction, id, true, now) };
      }
      case "file": {
        const { name, size, id } = message;
        const asked = id === undefined ? undefined : this.#end(direction, id, true, now);
        return { direction, bytes, kind: "file", name: name || asked?.name || "", size, id };
      }
      case "cancel": {
        const { name } = this.#end(direction === "in" ? "out" : "in", message.id, false, now);
        return { direction, bytes, kind: "cancel", name, id: message.id };
      }
      case "credit":
        return undefined;
    }
  }

  #begin(direction: Direction, id: RequestId | undefined, name: string, now: number): void {
    if (id === undefined) return;
    const open = this.#open[direction];
    if (open.size >= MAX_OPEN) open.delete(open.keys().next().value!); // one that was never answered
    open.set(id, { name, at: now });
  }

  #end(
    direction: Direction,
    id: RequestId | undefined,
    isOver: boolean,
    now: number,
  ): { name: string; id?: RequestId; ms?: number } {
    const open = this.#open[direction === "in" ? "out" : "in"];
    const key = id ?? open.keys().next().value;
    const call = key === undefined ? undefined : open.get(key);
    if (call === undefined) return { name: "", id };
    if (isOver) open.delete(key!);
    return { name: call.name, id: key, ms: now - call.at };
  }
}

/** Calls whose answer may still be seen; of more, the oldest are forgotten. */
const MAX_OPEN = 4096;
