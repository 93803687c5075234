import { SYSTEM } from "../transport/serial/open_line.ts";
import type { PortInfo } from "../transport/serial/port_info.ts";
import type { PseudoTerminal, PseudoTerminals } from "./pseudo_terminal.ts";

/** One of two virtual serial ports that are connected: made by `virtualSerialPair`. */
export class VirtualSerialPort {
  readonly #terminals: PseudoTerminals;
  readonly #info: Omit<PortInfo, "path">;
  #terminal: PseudoTerminal | undefined;
  #path: string;
  #since = Date.now();
  #isStalled = false;
  #isOver = false;
  #changed = Promise.withResolvers<void>();

  /** Use `virtualSerialPair`. */
  constructor(terminals: PseudoTerminals, info: Omit<PortInfo, "path">) {
    this.#terminals = terminals;
    this.#info = info;
    this.#terminal = this.#open();
    this.#path = this.#terminal.path;
  }

  /** What is opened as a serial port, such as `/dev/pts/3`; another one after each `plug`. */
  get path(): string {
    return this.#path;
  }

  /** False between `unplug` and `plug`. */
  get isPlugged(): boolean {
    return this.#terminal !== undefined;
  }

  /** The port as a list of ports has it, with what it pretends to be. `undefined` while it is unplugged. */
  get info(): PortInfo | undefined {
    return this.#terminal && { ...this.#info, path: this.#path, since: this.#since };
  }

  /** The device vanishes: whoever has the port open loses it. What is under way is lost. */
  async unplug(): Promise<void> {
    const terminal = this.#terminal;
    if (terminal === undefined) return;
    this.#terminal = undefined;
    this.#change();
    await this.#terminals.close(terminal);
  }

  /** The device is back, under another path. */
  async plug(): Promise<void> {
    if (this.#terminal !== undefined || this.#isOver) return;
    let next = this.#open();
    if (next.path === this.#path) {
      const same = next;
      next = this.#open();
      await this.#terminals.close(same);
    }
    this.#terminal = next;
    this.#path = next.path;
    this.#since = Date.now();
    this.#change();
  }

  /** The other end is not taken any more: what is written there piles up until the writer has to wait. */
  stall(): void {
    this.#isStalled = true;
  }

  /** The end of `stall`. */
  resume(): void {
    this.#isStalled = false;
    this.#change();
  }

  /** What somebody has written to the port; `undefined` when it is over. */
  async read(into: Uint8Array<ArrayBuffer>): Promise<Uint8Array | undefined> {
    const { libc } = this.#terminals;
    while (!this.#isOver) {
      const terminal = this.#terminal;
      if (terminal === undefined || this.#isStalled) {
        await this.#changed.promise;
        continue;
      }
      // Asked each time: a pair that carries a flood leaves everything else in the program its turn.
      await SYSTEM.poller.readable(terminal.master);
      if (terminal !== this.#terminal || this.#isStalled) continue;
      const count = libc.read(terminal.master, into);
      if (count > 0) return into.subarray(0, count);
    }
    return undefined;
  }

  /** Gives bytes to whoever reads the port. Those for a port that is not plugged in are lost, as on a cable. */
  async write(bytes: Uint8Array): Promise<void> {
    const { libc } = this.#terminals;
    const terminal = this.#terminal;
    for (let at = 0; at < bytes.length && terminal !== undefined && terminal === this.#terminal;) {
      const count = libc.write(terminal.master, bytes.subarray(at));
      if (count > 0) at += count;
      else if (count === -libc.numbers.EAGAIN) await SYSTEM.poller.writable(terminal.master);
      else return; // the device has vanished
    }
  }

  /** Ends the port for good. */
  async close(): Promise<void> {
    this.#isOver = true;
    await this.unplug();
    this.#change();
  }

  #open(): PseudoTerminal {
    const terminal = this.#terminals.open();
    SYSTEM.poller.watch(terminal.master, () => {});
    return terminal;
  }

  #change(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}
