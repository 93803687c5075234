import type { Case, EventNote, Piece, Step } from "./case.ts";
import { difference, type Saved, shown, valueOf } from "./notation.ts";
import { bytesOf, isFrame } from "./pieces.ts";
import type { Told } from "./side.ts";
import { TcpEndpoint } from "./tcp_endpoint.ts";
import { Wire } from "./wire.ts";
import { Written } from "./written.ts";

/** Runs a case against `listen` or `connect` over a real connection; what went wrong, or `undefined`. */
export async function runOverTcp(one: Case): Promise<string | undefined> {
  const run = new TcpRun(one);
  try {
    for (const [index, step] of one.steps.entries()) {
      const problem = await run.step(step);
      if (problem !== undefined) {
        return `"${one.name}" (${one.role}, TCP), step ${index + 1} of ${one.steps.length}: ${problem}\n` +
          `  the step: ${shown(step)}`;
      }
    }
    return undefined;
  } finally {
    await run.close();
  }
}

class TcpRun {
  readonly #case: Case;
  readonly #endpoint: TcpEndpoint;
  #written = new Written(true);
  readonly #saved: Saved = new Map();
  #wire: Wire | undefined;
  /** What was written on the link before this one. */
  #old = new Written(true);
  readonly #wires: Wire[] = [];
  #told: Told[] = [];
  #wake: (() => void) | undefined;
  #isReady = false;
  #wasReady = false;
  /** The side under test has to close the link, or has closed it. */
  #ends = false;
  /** Bytes that were sent since the greeting began. */
  #sent: number[] = [];

  constructor(one: Case) {
    this.#case = one;
    this.#endpoint = new TcpEndpoint(one, (told) => {
      this.#told.push(told);
      this.#wake?.();
    });
  }

  /** Does one step, waits for what it must bring, and tells what is different. */
  async step(step: Step): Promise<string | undefined> {
    if (step.link === true) await this.#link();
    if (step.in !== undefined) await this.#write(bytesOf(step.in, this.#saved));
    if (step.do !== undefined) this.#endpoint.act(step, (note) => valueOf(note, this.#saved));
    if (step.cut === true) await this.#wire!.closeWrite(); // so that what leaves last can still be read
    const { events = [], out = [] } = step;
    const least = out.filter((piece) => !isFrame(piece) || piece.optional !== true).length;
    const wanted = events.flatMap((event) => this.#visible(event));
    if (step.cut === true || events.some(isEnd)) this.#ends = true;
    // Who hears GOAWAY waits for the other side to close, and says nothing more.
    if (events.some(({ event }) => event === "goodbye")) this.#isReady = false;
    await this.#until(() =>
      this.#told.length >= wanted.length && this.#written.size >= least &&
      (step.acked === undefined || this.#written.acked >= step.acked) &&
      (step.old === undefined || this.#old.size >= step.old.length) &&
      (!this.#ends || this.#wire!.isEnded)
    );
    const answered = await this.#settle();
    const told = this.#told.splice(0);
    if (differ(told, wanted, this.#saved)) return `events are ${shown(told)}\n  wanted ${shown(wanted)}`;
    // What is said to a link whose other end is gone matters to nobody.
    if (step.anyOut === true || step.cut === true) return this.#written.forget();
    return this.#written.compare([...out, ...answered], this.#saved) ??
      (step.old === undefined ? undefined : this.#old.compare(step.old, this.#saved));
  }

  /** Makes sure that nothing more comes: PING is answered after everything before it was handled. */
  async #settle(): Promise<readonly Piece[]> {
    if (!this.#isReady || this.#ends || this.#wire!.isEnded || endsInFrame(this.#sent)) return [];
    const bytes = ["a1 b2 c3 d4 e5 f6 07 18"];
    await this.#write(bytesOf([{ frame: "PING", bytes }], this.#saved));
    const pong = { frame: "PONG", bytes };
    await this.#until(() => this.#written.endsWith(pong));
    return [pong];
  }

  async close(): Promise<void> {
    this.#endpoint.release();
    for (const wire of this.#wires) await wire.close();
    await this.#endpoint.close();
  }

  async #link(): Promise<void> {
    if (this.#wire === undefined) await this.#endpoint.start();
    this.#old = this.#written;
    this.#written = new Written(true);
    this.#sent = [];
    this.#isReady = this.#ends = false;
    const written = this.#written;
    const wire = new Wire(await this.#endpoint.link(), (chunk) => {
      if (chunk !== undefined) written.add(chunk);
      else wire.closeWrite(); // it would wait for a moment otherwise
      this.#wake?.();
    });
    this.#wire = wire;
    this.#wires.push(wire);
  }

  async #write(bytes: Uint8Array): Promise<void> {
    for (const byte of bytes) this.#sent.push(byte);
    await this.#wire!.write(bytes);
  }

  /** What an application hears of an event: not how a link that was never up has failed, unless it asked for it. */
  #visible(note: EventNote): Told[] {
    const { event } = note;
    if (event === "ready") this.#isReady = this.#wasReady = true;
    const isRefusal = event === "goodbye" || (event === "fault" && note.fatal === true);
    if (!this.#isReady && isRefusal) {
      if (this.#case.role === "server") return [];
      return this.#wasReady ? [note] : [{ event: "refused", code: note.code }];
    }
    if (event === "goodbye") return [];
    if (event === "reset") return [];
    if (event === "message") return [{ event, value: note.value }];
    if (event === "action" || event === "request") {
      return [{ event, name: note.name, args: note.args, kwargs: note.kwargs ?? {} }];
    }
    return [note];
  }

  /** Waits until it is so. The limit only ends a test that would hang: nothing depends on it. */
  async #until(isSo: () => boolean): Promise<void> {
    let isLate = false;
    const guard = setTimeout(() => {
      isLate = true;
      this.#wake?.();
    }, GUARD_MS);
    try {
      while (!isSo() && !isLate) await new Promise<void>((resolve) => this.#wake = resolve);
    } finally {
      clearTimeout(guard);
    }
  }
}

/** Whether the side under test ends the link with that. */
function isEnd({ event, fatal }: EventNote): boolean {
  return event === "lost" || fatal === true;
}

/** What becomes of a call is heard through a promise, so that it may come behind what is heard through a callback. */
function differ(told: readonly Told[], wanted: readonly Told[], saved: Saved): boolean {
  const isResult = ({ event }: Told) => event === "answered" || event === "failed";
  return [isResult, (one: Told) => !isResult(one)].some((kind) =>
    difference(told.filter(kind), wanted.filter(kind), saved) !== undefined
  );
}

/** How long a test waits for what does not come, in milliseconds. */
const GUARD_MS = 5_000;

/** Whether these bytes of a greeting and frames leave a frame unfinished. */
function endsInFrame(bytes: readonly number[]): boolean {
  const view = new DataView(Uint8Array.from(bytes).buffer);
  let at = MAGIC_BYTES;
  while (at + 4 <= bytes.length) at += 4 + view.getUint32(at);
  return at !== bytes.length;
}

const MAGIC_BYTES = 4;
