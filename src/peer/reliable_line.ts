/**
 * The serial wire on a line that is open: the end that opens connections, and the end that waits for them.
 *
 * @module
 */
import { ArqLine, type LineOptions } from "../arq/arq_line.ts";
import type { ArqPipe } from "../arq/arq_pipe.ts";
import { type ParleyError, TimeoutError } from "../errors.ts";
import type { Listener, Transport } from "../transport/transport.ts";
import { ReliablePump } from "./reliable_pump.ts";
import { ReliableTransport } from "./reliable_transport.ts";
import { REAL_WORLD, type World } from "./world.ts";

/** What both ends may be told. */
export interface ReliableOptions
  extends Pick<LineOptions, "baudRate" | "lineText" | "giveUpMs" | "windowBytes"> {
  /** The other end, for messages. Default `remoteAddress` of the line. */
  address?: string;
  /** Ends the wait for the first answer. */
  signal?: AbortSignal;
  /** Time and chance. Default the world as it is. */
  world?: World;
}

/**
 * Opens a connection over a line and resolves when the other side has answered. The line belongs to the connection from
 * here on: it is closed with it, and when this fails.
 *
 * @throws the reason of `signal`; where it is a `TimeoutError`, one of the same code that also says what came over the
 * line until then.
 * @throws {ProtocolError} code `garbage`: 65,536 bytes came and no packet in them; `two_clients`: the other side
 * connects as well; `version`: it speaks another version of the wire.
 * @throws {ParleyError} the line failed.
 */
export function connectReliable(line: Transport, options: ReliableOptions = {}): Promise<ReliableTransport> {
  const pump = pumpFor("client", line, options);
  const { signal } = options;
  const pipe = pump.arq.pipe!;
  const { promise, resolve, reject } = Promise.withResolvers<ReliableTransport>();
  const giveUp = () => {
    pipe.close(pump.now);
    pump.abort();
    reject(withHint(signal!.reason, pump.arq.hint));
  };
  const settle = () => {
    if (!pipe.isOpen && pipe.failure === undefined) return;
    signal?.removeEventListener("abort", giveUp);
    if (pipe.failure !== undefined) {
      pump.close();
      return reject(pipe.failure);
    }
    const transport = new ReliableTransport(pump, pipe, () => {
      pump.close();
      return pump.closed;
    });
    pump.onChange = () => transport.settle();
    resolve(transport);
  };
  pump.onChange = settle;
  if (signal?.aborted) giveUp();
  else {
    signal?.addEventListener("abort", giveUp, { once: true });
    pump.start();
  }
  return promise;
}

/** Waits on a line for connections; see {@linkcode ReliableLine}. The line belongs to it from here on. */
export function acceptReliable(line: Transport, options: ReliableOptions = {}): ReliableLine {
  return new ReliableLine(line, options);
}

/**
 * The waiting end of a serial line, as a {@linkcode Listener}: it gives one connection after the other. When the other
 * side restarts and connects anew, the connection before ends with `BrokenError` code `reset`.
 *
 * After `close` the connection of the moment goes on; the line is closed when that ends.
 */
export class ReliableLine implements Listener {
  readonly address: string;
  readonly port = undefined;
  readonly #pump: ReliablePump;
  #pipe: ArqPipe | undefined;
  #transport: ReliableTransport | undefined;
  /** What the next `accept` gives: only the newest connection is of use to anybody. */
  #ready: ReliableTransport | undefined;
  /** What the next `accept` rejects with. */
  #fault: ParleyError | undefined;
  #accepting: PromiseWithResolvers<Transport | null> | undefined;
  #isClosed = false;
  #hasEnded = false;

  /** Use `acceptReliable`. */
  constructor(line: Transport, options: ReliableOptions = {}) {
    this.#pump = pumpFor("server", line, options);
    this.address = options.address ?? line.localAddress;
    this.#pump.onChange = () => this.#settle();
    this.#pump.start();
  }

  /** What a person should look at when nobody connects, such as "nothing came: is the other side running, …". */
  get hint(): string {
    return this.#pump.arq.hint;
  }

  /** Resolves when the line is closed: after `close` and the end of the last connection, or because it failed. */
  get released(): Promise<void> {
    return this.#pump.closed;
  }

  /**
   * The next connection; `null` once closed, or after the line has ended. One `accept` at a time.
   *
   * @throws {ProtocolError} code `garbage`: 65,536 bytes came and no packet in them. It may be called again.
   * @throws {ParleyError} the line failed. After that it gives `null`.
   */
  accept(): Promise<Transport | null> {
    this.#accepting ??= Promise.withResolvers();
    const { promise } = this.#accepting;
    this.#answer();
    return promise;
  }

  /** Accepts no more. It never throws and may be called again. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#ready?.close();
    this.#ready = undefined;
    this.#answer();
    this.#closeIfIdle();
  }

  #settle(): void {
    const { arq, end } = this.#pump;
    this.#transport?.settle();
    if (arq.pipe !== undefined && arq.pipe !== this.#pipe) this.#open(arq.pipe);
    const fault = arq.takeFault();
    if (fault !== undefined) this.#fault = fault;
    if (end !== undefined && !this.#hasEnded) {
      this.#hasEnded = true;
      this.#fault = end;
    }
    this.#answer();
  }

  #open(pipe: ArqPipe): void {
    this.#pipe = pipe;
    this.#transport = new ReliableTransport(this.#pump, pipe, () => this.#closeIfIdle());
    if (this.#isClosed) this.#transport.close();
    else this.#ready = this.#transport;
  }

  #answer(): void {
    const accepting = this.#accepting;
    if (accepting === undefined) return;
    const [fault, ready] = [this.#fault, this.#ready];
    if (!this.#isClosed && !this.#hasEnded && fault === undefined && ready === undefined) return;
    this.#accepting = undefined;
    if (this.#isClosed) return accepting.resolve(null);
    if (ready !== undefined) {
      this.#ready = undefined;
      return accepting.resolve(ready);
    }
    this.#fault = undefined;
    if (fault !== undefined) accepting.reject(fault);
    else accepting.resolve(null);
  }

  #closeIfIdle(): void {
    if (this.#isClosed && (this.#pipe?.isDone ?? true)) this.#pump.close();
  }
}

function pumpFor(role: "client" | "server", line: Transport, options: ReliableOptions): ReliablePump {
  const { world = REAL_WORLD, address = line.remoteAddress, baudRate, lineText, giveUpMs, windowBytes } =
    options;
  const chance = () => Number.parseInt(world.token(4), 16);
  const arq = new ArqLine(
    { role, address, baudRate, lineText, giveUpMs, windowBytes, chance },
    world.now(),
  );
  return new ReliablePump(line, arq, world);
}

/** The reason of a signal, and what a person should look at: "no connection within 10000 ms" alone does not help. */
function withHint(reason: unknown, hint: string): unknown {
  if (!(reason instanceof TimeoutError)) return reason;
  return new TimeoutError(reason.code, `${reason.message}; ${hint}`, {
    outcome: reason.outcome,
  });
}
