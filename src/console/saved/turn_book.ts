import type { Link } from "../link_book.ts";
import type { TrafficEntry } from "../traffic/traffic_book.ts";
import { clip } from "../../show/escape.ts";
import { showValue } from "../../show/value.ts";
import { type Heard, MAX_WAITED, type Turn } from "./turn.ts";

type Growing<Part> = { -readonly [Key in keyof Part]: Part[Key] };

interface OpenTurn extends Growing<Omit<Turn, "nextAt" | "spoke" | "heard">> {
  isRunning: boolean;
  readonly spoke: Set<Link>;
  readonly heard: Map<Link, GrowingHeard>;
}

interface GrowingHeard extends Growing<Omit<Heard, "at" | "shown">> {
  readonly at: number[];
  readonly shown: string[];
}

/** Remembers for `.save` what each input has said on its links, and what came before the next one was typed. */
export class TurnBook {
  readonly #nameOf: (link: Link) => string | undefined;
  readonly #turns: Turn[] = [];
  #open: OpenTurn | undefined;
  /** One for each `ask` that waits, by link. */
  readonly #asks = new Map<Link, Set<object>>();
  readonly #ownWay = new Set<Link>();

  /** @param nameOf The variable that holds a link; `undefined` while none does. */
  constructor(nameOf: (link: Link) => string | undefined) {
    this.#nameOf = nameOf;
  }

  /** Links whose messages somebody takes who was typed, or on which something was sent that no input has sent. */
  get ownWay(): ReadonlySet<Link> {
    return this.#ownWay;
  }

  /** An input begins. */
  begin(now: number): void {
    this.#close(now);
    this.#open = {
      input: undefined,
      beganAt: now,
      endedAt: now,
      isRunning: true,
      spoke: new Set(),
      heard: new Map(),
      names: new Map(),
    };
  }

  /** It has been evaluated. `input`: which of the saved ones it is; `undefined` when it is not saved. */
  end(input: number | undefined, now: number): void {
    if (this.#open === undefined) return;
    Object.assign(this.#open, { input, endedAt: now, isRunning: false });
  }

  /** All turns so far, up to this moment. */
  turns(now: number): readonly Turn[] {
    return this.#open === undefined ? this.#turns : [...this.#turns, this.#closed(this.#open, now)];
  }

  /** A link was made. */
  opened(link: Link): void {
    this.#open?.spoke.add(link);
  }

  /** Something was said. */
  note({ link, traffic, at }: TrafficEntry): void {
    if (traffic.direction === "out") return this.#said(link);
    if (traffic.kind !== "message") return;
    const ask = this.#asks.get(link)?.values().next().value;
    if (ask !== undefined) this.#asks.get(link)!.delete(ask);
    else this.#heard(link, traffic.value, at);
  }

  /** An `ask` waits for the next message, until this promise has settled. */
  asks(link: Link, answer: Promise<unknown>): void {
    const asks = this.#asks.get(link) ?? new Set();
    this.#asks.set(link, asks);
    const ask = {};
    asks.add(ask);
    const end = () => void asks.delete(ask);
    answer.then(end, end);
  }

  /** Messages of a link are taken by code that was typed: the script will do the same. */
  goesItsOwnWay(link: Link): void {
    this.#ownWay.add(link);
  }

  #said(link: Link): void {
    if (this.#open?.isRunning === true) this.#open.spoke.add(link);
    else this.#ownWay.add(link); // a timer or a callback: what comes then is no answer to a line
  }

  #heard(link: Link, value: unknown, at: number): void {
    if (this.#open === undefined) return;
    const heard = this.#open.heard.get(link) ?? { count: 0, at: [], shown: [] };
    this.#open.heard.set(link, heard);
    heard.count++;
    if (heard.count > MAX_WAITED) return;
    heard.at.push(at);
    if (link.dialect === "raw" && value instanceof Uint8Array) {
      heard.rawBytes = (heard.rawBytes ?? 0) + value.length;
    }
    if (heard.shown.length < MAX_SHOWN) {
      heard.shown.push(clip(showValue(value).replace(/\s*\n\s*/g, " "), MAX_KEPT_CHARS));
    }
  }

  #close(now: number): void {
    if (this.#open === undefined) return;
    const turn = this.#closed(this.#open, now);
    // The rest neither says nor tells anything.
    if (turn.input !== undefined || turn.heard.size > 0 || turn.spoke.size > 0) this.#turns.push(turn);
    this.#open = undefined;
  }

  /** By now the variable that a new link is assigned to has its name, and has not been given to another one yet. */
  #closed({ isRunning: _, ...turn }: OpenTurn, nextAt: number): Turn {
    const links = [...turn.spoke, ...turn.heard.keys()];
    const names = new Map<Link, string>();
    for (const link of links) {
      const name = this.#nameOf(link);
      if (name !== undefined) names.set(link, name);
    }
    return { ...turn, names, nextAt };
  }
}

/** Messages that a comment shows. */
const MAX_SHOWN = 3;
/** More than a comment shows: what is cut there later must not be a part of a secret. */
const MAX_KEPT_CHARS = 400;
