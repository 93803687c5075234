import { BrokenError, UsageTypeError } from "../../errors.ts";
import type { Address } from "../address.ts";
import type { Dialer, Transport } from "../transport.ts";
import type { DeviceSearch } from "./device_search.ts";
import { type IdentityOptions, type WantedIdentity, wantedIdentity } from "./identity.ts";
import { listPorts } from "./list_ports.ts";
import { checkPacing, type Pacing } from "./pacing.ts";
import { findAgain, identityOf, type PortIdentity } from "./port_identity.ts";
import type { PortInfo } from "./port_info.ts";
import { matchPort, type WantedPort } from "./port_match.ts";
import { addressSettings, wantedPort } from "./serial_address.ts";
import type { OutputSignals, SerialLine } from "./serial_line.ts";
import { type LineSettings, resolveSettings, type SerialSettings, SETTING_NAMES } from "./serial_settings.ts";
import { StandInLine } from "./stand_in_line.ts";

/** What a serial line may be given besides its settings. */
export interface SerialOptions extends SerialSettings, IdentityOptions {
  /** How fast bytes may leave, for devices that lose what comes too fast. */
  pacing?: Pacing;
  /** Where ports are looked up. Default: {@linkcode listPorts}. */
  ports?: () => Promise<PortInfo[]>;
}

/**
 * Opens the lines of one link to one device. The first one is chosen by the address; from then on it is that device,
 * wherever it is plugged in, and never another; with the settings and levels that were last asked for.
 */
export class SerialDialer implements Dialer {
  readonly retryMs = 1000;
  /** A device that is asked who it is may take its time. */
  readonly leastMs: number;
  readonly #wanted: WantedPort;
  readonly #ports: (() => Promise<PortInfo[]>) | undefined;
  readonly #pacing: Pacing | undefined;
  /** The device has to have this tag. */
  readonly #tag: WantedIdentity | undefined;
  #search: DeviceSearch | undefined;
  #settings: LineSettings;
  #line: SerialLine | undefined;
  /** The line that stands in for one to a device, while it is the last one. */
  #standIn: SerialLine | undefined;
  #identity: PortIdentity | undefined;
  /** The path that stands for `serial:auto` in the next attempt. */
  #chosen: string | undefined;
  /** The device may have been plugged in this very moment: its rights follow a little later. */
  #isFresh = false;

  /** @throws {UsageTypeError} {@linkcode UsageRangeError} code `usage`. */
  constructor(address: Address, options: SerialOptions) {
    this.#wanted = wantedPort(address);
    const written = addressSettings(address);
    for (const name of SETTING_NAMES as readonly (keyof SerialSettings)[]) {
      if (written[name] === undefined || options[name] === undefined || written[name] === options[name]) {
        continue;
      }
      throw new UsageTypeError(
        `Cannot set "${name}" to ${options[name]}: the address ${address.href} says ${written[name]}`,
      );
    }
    if (options.pacing !== undefined) checkPacing(options.pacing);
    if (options.ports !== undefined && typeof options.ports !== "function") {
      const kind = options.ports === null ? "null" : typeof options.ports;
      throw new UsageTypeError(`Cannot use a value of type ${kind} as "ports": a function is wanted`);
    }
    this.#tag = wantedIdentity(options);
    this.leastMs = this.#tag === undefined ? 0 : this.#tag.waitMs + SEARCH_MS;
    this.#pacing = options.pacing;
    this.#ports = options.ports && listed(options.ports);
    this.#settings = resolveSettings({ ...written, ...defined(options) });
  }

  /** The line that was opened last. */
  get line(): SerialLine | undefined {
    return this.#line;
  }

  /** How the line is set, or the next one will be. */
  get settings(): Readonly<LineSettings> {
    return this.#settings;
  }

  /** Keeps a rate for the lines to come. */
  keepBaudRate(baudRate: number): void {
    this.#settings = { ...this.#settings, baudRate };
  }

  /** Keeps levels for the lines to come. A break is not kept. */
  keepSignals({ dtr, rts }: OutputSignals): void {
    this.#settings = { ...this.#settings, ...defined({ dtr, rts }) };
  }

  /** Asks which port `serial:auto` means, where that is not clear. */
  async prepare(signal: AbortSignal): Promise<void> {
    if (this.#wanted !== "auto" || this.#tag !== undefined || this.#line !== undefined) return;
    const { promise, reject } = Promise.withResolvers<never>();
    const stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop);
    try {
      signal.throwIfAborted();
      this.#chosen = (await Promise.race([this.#choose(), promise])).path;
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }

  async connect({ signal }: { signal?: AbortSignal }): Promise<SerialLine> {
    this.#line?.close(); // another line means that the one before is over, also where its last words were still on their way
    const line = this.#tag === undefined
      ? await this.#openWanted(signal)
      : await this.#openTagged(this.#tag, signal ?? new AbortController().signal);
    try {
      if (this.#tag !== undefined && this.#identity?.path !== line.path) this.#identity = undefined;
      this.#identity ??= await this.#identify(line.path);
      signal?.throwIfAborted();
    } catch (error) {
      line.close();
      throw error;
    }
    this.#isFresh = false;
    return this.#line = line;
  }

  /** The line without a device behind it: there is always another where it came from. */
  adopt(standIn: Transport): SerialLine {
    this.#line?.close();
    return this.#line = this.#standIn = new StandInLine(standIn, this.#settings);
  }

  /** Waits until the device is there. */
  async available(signal: AbortSignal): Promise<void> {
    if (this.#line !== undefined && this.#line === this.#standIn) return;
    // A part of a name may be known to another program only, which takes longer to ask.
    const isSlow = this.#identity === undefined && this.#wanted !== "auto" && "id" in this.#wanted;
    while (!signal.aborted && !await this.#isThere()) {
      this.#isFresh = true;
      await pauseUnless(signal, isSlow ? SLOW_LOOK_MS : LOOK_MS);
    }
  }

  async #openWanted(signal: AbortSignal | undefined): Promise<SerialLine> {
    const path = await this.#path();
    signal?.throwIfAborted();
    return await this.#open(path);
  }

  /** The device with the tag: the one that it was before, where that is there, or whichever says that it is. */
  async #openTagged(tag: WantedIdentity, signal: AbortSignal): Promise<SerialLine> {
    const search = await this.#searchFor(tag);
    if (this.#wanted !== "auto") return await search.check(await this.#path(), signal);
    const known = this.#identity && findAgain(await this.#list(), this.#identity);
    if (known !== undefined) {
      try {
        return await search.check(known.path, signal);
      } catch (error) {
        if (!(error instanceof BrokenError)) throw error;
        if (!await search.isWorthwhile()) throw error;
      }
    }
    return await search.find(signal);
  }

  async #searchFor(tag: WantedIdentity): Promise<DeviceSearch> {
    const { DeviceSearch } = await devices();
    return this.#search ??= new DeviceSearch(tag, {
      open: (path) => this.#open(path),
      ports: async () => await this.#list(),
      isChosen: this.#ports !== undefined,
    });
  }

  async #path(): Promise<string> {
    if (this.#identity !== undefined) {
      const found = findAgain(await this.#list(), this.#identity);
      if (found !== undefined) return found.path;
      const name = this.#identity.path;
      throw new BrokenError("no_such_path", `Cannot connect to serial:${name}: the device is not plugged in`);
    }
    if (this.#wanted !== "auto" && "path" in this.#wanted) return await realPath(this.#wanted.path);
    if (this.#line !== undefined) return this.#line.path; // all that is known of a device without ids
    if (this.#wanted === "auto") {
      const chosen = this.#chosen ?? (await this.#choose()).path;
      this.#chosen = undefined; // if it does not open, another may be wanted
      return chosen;
    }
    return matchPort(await (this.#ports ?? listPorts)(), this.#wanted).path;
  }

  async #choose(): Promise<PortInfo> {
    const { choosePort } = await devices();
    return await choosePort(await (this.#ports ?? listPorts)());
  }

  async #open(path: string): Promise<SerialLine> {
    try {
      const { openLine } = await devices();
      return await openLine(path, this.#settings, { pacing: this.#pacing, ports: this.#ports });
    } catch (error) {
      const isSoon = this.#isFresh || this.#line !== undefined;
      if (!isSoon || !(error instanceof BrokenError) || error.code !== "permission") throw error;
      throw new BrokenError("not_ready", error.message); // trying again may well mend it
    }
  }

  async #isThere(): Promise<boolean> {
    try {
      if (this.#tag !== undefined && this.#wanted === "auto") {
        if (await (await this.#searchFor(this.#tag)).isWorthwhile()) return true;
        return this.#identity !== undefined && findAgain(await this.#list(), this.#identity) !== undefined;
      }
      if (this.#identity !== undefined) return findAgain(await this.#list(), this.#identity) !== undefined;
      if (this.#wanted !== "auto" && "path" in this.#wanted) {
        return (await devices()).deviceExists(this.#wanted.path);
      }
      if (this.#line !== undefined) return (await devices()).deviceExists(this.#line.path);
      if (this.#wanted === "auto") return true;
      const look = "id" in this.#wanted ? this.#ports ?? listPorts : () => this.#list();
      return matchPort(await look(), this.#wanted) !== undefined;
    } catch (error) {
      // More than one is there, or it cannot be told: the attempt says so.
      return !(error instanceof BrokenError && error.code === "no_such_path");
    }
  }

  /** What tells this device from others, where that can be known. */
  async #identify(path: string): Promise<PortIdentity | undefined> {
    if (this.#ports === undefined && path.startsWith("/dev/pts/")) return undefined;
    try {
      const ports = await this.#list();
      const port = ports.find((each) => each.path === path);
      return port?.vendorId === undefined ? undefined : identityOf(port, ports);
    } catch {
      return undefined; // who may not look, or has no list, knows the device by its path
    }
  }

  async #list(): Promise<PortInfo[]> {
    return await (this.#ports ?? (await devices()).quickPorts)();
  }
}

/** Between two looks for a device that is not there, in milliseconds. */
const LOOK_MS = 250;
const SLOW_LOOK_MS = 1000;

/** Loaded late, see there. */
function devices(): Promise<typeof import("./devices.ts")> {
  return import("./devices.ts");
}

/** The device behind a link such as those of `/dev/serial/by-id`: the link is gone when it is unplugged. */
async function realPath(path: string): Promise<string> {
  try {
    return await Deno.realPath(path);
  } catch {
    return path; // opening it tells what is wrong
  }
}

/** `ports`, with an error that names it where it gives no list: it is the user's. */
function listed(ports: () => Promise<PortInfo[]>): () => Promise<PortInfo[]> {
  return async () => {
    const list = await ports();
    if (Array.isArray(list)) return list;
    throw new UsageTypeError(
      `Cannot use what "ports" has returned (${
        list === null ? "null" : typeof list
      }): a list of ports is wanted`,
    );
  };
}

function defined<T extends object>(options: T): T {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T;
}

/** Resolves after `ms`, or when the signal is aborted. */
export async function pauseUnless(signal: AbortSignal, ms: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  const stop = () => resolve();
  signal.addEventListener("abort", stop);
  await promise;
  clearTimeout(timer);
  signal.removeEventListener("abort", stop);
}

/** What a search takes besides the time that each device has: listing and opening the ports, in milliseconds. */
const SEARCH_MS = 2000;
