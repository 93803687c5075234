import type { ArqLine } from "../arq/arq_line.ts";
import { BrokenError, ParleyError } from "../errors.ts";
import type { Transport } from "../transport/transport.ts";
import { Alarm } from "./alarm.ts";
import { within, type World } from "./world.ts";

/**
 * Keeps one end of a serial line running: what the line brings goes in, what is to be said goes out, one write at a
 * time, and what is due by the clock is done.
 */
export class ReliablePump {
  readonly line: Transport;
  readonly arq: ArqLine;
  /** Called after everything that may have changed something. Set before `start`. */
  onChange: () => void = noop;
  readonly #world: World;
  readonly #alarm: Alarm;
  readonly #sleeper;
  #isWriting = false;
  #writing: Promise<void> = Promise.resolve();
  #isClosed = false;
  #end: ParleyError | undefined;
  readonly #closed = Promise.withResolvers<void>();

  constructor(line: Transport, arq: ArqLine, world: World) {
    this.line = line;
    this.arq = arq;
    this.#world = world;
    this.#alarm = new Alarm(world);
    this.#sleeper = {
      wakeAt: Infinity,
      tick: (now: number) => {
        arq.tick(now);
        this.turn();
      },
      get nextTickAt() {
        return arq.nextTickAt;
      },
    };
  }

  /** Why the line ended; `undefined` while it has not. */
  get end(): ParleyError | undefined {
    return this.#end;
  }

  /** Resolves when the line is closed. */
  get closed(): Promise<void> {
    return this.#closed.promise;
  }

  get now(): number {
    return this.#world.now();
  }

  /** Begins to read and to write. */
  start(): void {
    this.#read();
    this.turn();
  }

  /** Says what there is to say, and tells that something may have changed. */
  turn(): void {
    this.#write();
    this.onChange();
    if (!this.#isClosed) this.#alarm.wake(this.#sleeper, this.arq.nextTickAt);
  }

  /** Closes the line once what waits was written, if nothing holds that up. */
  close(): void {
    if (this.#isClosed) return;
    this.#write();
    this.#isClosed = true;
    this.#alarm.stop();
    const said = this.#writing.then(() => this.line.closeWrite());
    within(this.#world, said, LAST_WORDS_MS).then(() => this.abort());
  }

  /** Closes the line at once. */
  abort(): void {
    this.#isClosed = true;
    this.#alarm.stop();
    this.line.close();
    this.#closed.resolve(this.line.released);
  }

  #write(): void {
    if (this.#isWriting || this.#isClosed) return;
    const bytes = this.arq.takeOutput(this.now);
    if (bytes.length === 0) return;
    this.#isWriting = true;
    this.#writing = this.line.write(bytes).then(this.#written, this.#failed);
  }

  readonly #written = (): void => {
    this.#isWriting = false;
    if (!this.#isClosed) this.turn();
  };

  readonly #failed = (thrown: unknown): void => {
    this.#isWriting = false;
    if (!this.#isClosed) this.#stop(thrown);
  };

  async #read(): Promise<void> {
    try {
      for (;;) {
        const chunk = await this.line.read();
        if (this.#isClosed) return;
        if (chunk === null) break;
        this.arq.receive(chunk, this.now);
        this.turn();
      }
      this.#stop(new BrokenError("reset", `Link ${this.line.remoteAddress} is lost: the line has ended`));
    } catch (thrown) {
      if (!this.#isClosed) this.#stop(thrown);
    }
  }

  #stop(thrown: unknown): void {
    if (this.#end !== undefined) return;
    const text = `Link ${this.line.remoteAddress} failed: ${String(thrown)}`;
    this.#end = thrown instanceof ParleyError ? thrown : new BrokenError("io", text, { cause: thrown });
    this.arq.pipe?.fail(this.#end);
    this.abort();
    this.onChange();
  }
}

/** How long the line may take for what is written when it is closed, in milliseconds. */
const LAST_WORDS_MS = 200;

function noop(): void {}
