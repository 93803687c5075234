import { PseudoTerminals } from "../../src/testing/pseudo_terminal.ts";
import type { SeededRandom } from "../../src/testing/seeded_random.ts";
import { VirtualSerialPort } from "../../src/testing/virtual_serial_port.ts";
import { CableDirection, type Weather } from "./cable_direction.ts";
import { stallMs } from "./fault_proxy.ts";
import { writePorts } from "./port_files.ts";
import type { Way } from "./way.ts";

/** What can happen to a cable: the first four to its bytes for some seconds. */
export type CableFault =
  | "flips"
  | "holes"
  | "bursts"
  | "hiss"
  | "stall"
  | "long stall"
  | "unplug server"
  | "unplug client"
  | "intruder"
  | "replay";

/** What a cable is told. */
export interface CableOptions {
  /** Tells it from the others of a run. Default 0. */
  readonly index?: number;
  /** Where its ports are written down for those who look for them. Default: nowhere. */
  readonly folder?: string;
  /** What it carries, bits per second, ten to a byte. Default: no limit. */
  readonly baudRate?: number;
}

/**
 * Two virtual serial ports and a cable between them that is treated badly. The server has the port `a`, the client `b`.
 * Both are devices that can be unplugged, and have another path when they are back.
 */
export class SerialCable implements Way {
  readonly a: VirtualSerialPort;
  readonly b: VirtualSerialPort;
  /** To the server. */
  readonly up: CableDirection;
  /** To the client. */
  readonly down: CableDirection;
  readonly #terminals = new PseudoTerminals();
  readonly #random: SeededRandom;
  readonly #options: CableOptions;
  /** Descriptors of the ports that are plugged in, for `unlock`. */
  readonly #keys = new Map<VirtualSerialPort, number>();

  constructor(random: SeededRandom, options: CableOptions = {}) {
    const { index = 0, baudRate = Infinity } = this.#options = options;
    this.#random = random;
    const ids = { vendorId: "1209", productId: "0001" };
    this.a = new VirtualSerialPort(this.#terminals, { ...ids, serialNumber: `A${index}` });
    this.b = new VirtualSerialPort(this.#terminals, { ...ids, serialNumber: `B${index}` });
    this.up = new CableDirection(this.b, this.a, random, baudRate);
    this.down = new CableDirection(this.a, this.b, random, baudRate);
    for (const port of [this.a, this.b]) this.#openKey(port);
    this.#tell();
  }

  get address(): string {
    return `serial:usb:1209:0001:B${this.#options.index ?? 0}`;
  }

  /** Where the server listens. */
  get serverAddress(): string {
    return `serial:usb:1209:0001:A${this.#options.index ?? 0}`;
  }

  async inject(fault: CableFault): Promise<number> {
    const random = this.#random;
    const rare = [100, 1000, 10_000];
    switch (fault) {
      case "flips":
        await this.#rain({ flipOneIn: random.pick(rare) });
        break;
      case "holes":
        await this.#rain({ dropOneIn: random.pick(rare), insertOneIn: random.pick(rare) });
        break;
      case "bursts":
        await this.#rain({ burstOneIn: 1000 + random.below(4000) });
        break;
      case "hiss":
        await this.#rain({ flipOneIn: 500, dropOneIn: 2000, insertOneIn: 2000, burstOneIn: 5000 });
        break;
      case "stall":
        await this.#stall(stallMs(random));
        break;
      case "long stall":
        await this.#stall(5000 + random.below(15_000));
        break;
      case "unplug server":
        await this.#unplug(this.a);
        break;
      case "unplug client":
        await this.#unplug(this.b);
        break;
      case "intruder":
        this.#intrude(random.pick([this.a, this.b]));
        break;
      case "replay":
        await random.pick([this.up, this.down]).replay();
        break;
    }
    return Date.now();
  }

  /** A port that is held open here stays locked when the program that has locked it is killed: a real one does not. */
  unlock(): void {
    for (const key of this.#keys.values()) this.#terminals.libc.setExclusive(key, false);
  }

  /** Ends both ports. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const port of [this.a, this.b]) this.#closeKey(port);
    await Promise.all([this.a.close(), this.b.close(), this.up.ended(), this.down.ended()]);
    this.#terminals.end();
  }

  async #rain(weather: Weather): Promise<void> {
    this.up.weather = this.down.weather = weather;
    await pause(this.#random.below(4000));
    this.up.weather = this.down.weather = {};
  }

  async #stall(ms: number): Promise<void> {
    const directions = this.#random.pick([[this.up], [this.down], [this.up, this.down]]);
    for (const direction of directions) direction.stall(ms);
    await pause(ms);
  }

  async #unplug(port: VirtualSerialPort): Promise<void> {
    this.#closeKey(port);
    await port.unplug();
    this.#tell();
    await pause(this.#random.below(2000));
    await port.plug();
    this.#openKey(port);
    this.#tell();
  }

  #openKey(port: VirtualSerialPort): void {
    this.#keys.set(port, this.#terminals.libc.open(port.path));
  }

  #closeKey(port: VirtualSerialPort): void {
    this.#terminals.libc.close(this.#keys.get(port) ?? -1);
    this.#keys.delete(port);
  }

  /** Somebody opens the port of another program, types, and reads some of what is for that program. */
  #intrude(port: VirtualSerialPort): void {
    if (!port.isPlugged) return; // its path may be that of somebody else by now
    const { libc } = this.#terminals;
    const fd = libc.open(port.path);
    if (fd < 0) return; // who is not root is kept out by the lock
    libc.read(fd, new Uint8Array(1 + this.#random.below(2000)));
    libc.write(fd, new TextEncoder().encode("AT\r\nhello?\r\n"));
    libc.write(fd, this.#random.bytes(this.#random.below(500)));
    libc.close(fd);
  }

  #tell(): void {
    const { folder, index = 0 } = this.#options;
    const ports = [this.a.info, this.b.info].filter((info) => info !== undefined);
    if (folder !== undefined) writePorts(folder, index, ports);
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
