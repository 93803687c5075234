import { BrokenError } from "../../errors.ts";
import { askIdentity } from "./ask_identity.ts";
import type { IdentifiedLine } from "./identified_line.ts";
import type { WantedIdentity } from "./identity.ts";
import { KeptSettings } from "./kept_settings.ts";
import { withHolders } from "./list_ports.ts";
import { type PortInfo, printable } from "./port_info.ts";
import { isOnUsb } from "./port_match.ts";
import type { SerialLine } from "./serial_line.ts";

/** What a search takes besides what is wanted. */
export interface SearchWays {
  /** Opens a port. @throws {BrokenError} it cannot be opened. */
  open(path: string): Promise<SerialLine>;
  /** The ports that there are. */
  ports(): Promise<PortInfo[]>;
  /** True when somebody has chosen these ports: then those that are built in are asked as well. */
  readonly isChosen: boolean;
}

/**
 * Looks for the device with a tag on all ports. Those that answer something else are asked once only, and after the device
 * was found those that were there beside it are not asked any more: opening a port makes many boards begin anew.
 */
export class DeviceSearch {
  readonly #wanted: WantedIdentity;
  readonly #ways: SearchWays;
  /** Ports that need not be asked, as long as they are there. */
  #others: ReadonlySet<string> = new Set();

  constructor(wanted: WantedIdentity, ways: SearchWays) {
    this.#wanted = wanted;
    this.#ways = ways;
  }

  /** True when there is a port that may be the device. */
  async isWorthwhile(): Promise<boolean> {
    return (await this.#ports()).some((port) => !this.#others.has(keyOf(port)));
  }

  /**
   * The line of the device, open; every other port is closed and set as it was.
   *
   * @throws {BrokenError} `no_such_path`: there is no port; `wrong_device`: none of them is the device, and what each
   * has said.
   */
  async find(signal: AbortSignal): Promise<IdentifiedLine> {
    const ports = await this.#ports();
    const { tag } = this.#wanted;
    if (ports.length === 0) {
      const where = this.#ways.isChosen ? "" : " (those on USB are)";
      const text = `Cannot find the device "${tag}": no serial port is there to be asked${where}`;
      throw new BrokenError("no_such_path", text);
    }
    const whys = new Map<string, string>();
    const found = await this.#askAll(ports, signal, whys);
    const isOther = ({ path }: PortInfo) =>
      found === undefined ? whys.get(path)?.startsWith(ANSWERED) === true : path !== found.path;
    this.#others = new Set(ports.filter(isOther).map(keyOf));
    if (found !== undefined) return found;
    signal.throwIfAborted();
    const told = [...whys].map(([path, why]) => `${printable(path)} ${why}`);
    const more = told.length - MAX_TOLD;
    const list = told.slice(0, MAX_TOLD).join("; ") + (more > 0 ? `; and ${more} more` : "");
    throw new BrokenError("wrong_device", `Cannot find the device "${tag}" on any serial port: ${list}`);
  }

  /**
   * The line of one port, when the device is there.
   *
   * @throws {BrokenError} it cannot be opened; `wrong_device`: it is something else, or silent.
   */
  async check(path: string, signal: AbortSignal): Promise<IdentifiedLine> {
    const result = await this.#ask(path, signal);
    if (typeof result !== "string") return result;
    signal.throwIfAborted();
    const text = `Cannot connect to serial:${path}: it is not the device "${this.#wanted.tag}", it ${result}`;
    throw new BrokenError("wrong_device", text);
  }

  /** All ports, some at a time; the first that answers ends it for the others. `whys` gets what each of them said. */
  async #askAll(
    ports: readonly PortInfo[],
    signal: AbortSignal,
    whys: Map<string, string>,
  ): Promise<IdentifiedLine | undefined> {
    const stop = new AbortController();
    const either = AbortSignal.any([signal, stop.signal]);
    let found: IdentifiedLine | undefined;
    const waiting = (await withHolders(ports)).values();
    const work = async () => {
      for (const { heldBy = [], ...port } of waiting) {
        if (either.aborted) return;
        const { path } = port;
        const holder = heldBy.find(({ pid }) => pid !== Deno.pid);
        if (this.#others.has(keyOf(port))) whys.set(path, `${ANSWERED} something else before`);
        else if (holder !== undefined) {
          whys.set(path, `is in use by ${holder.program} (process ${holder.pid})`);
        } else {
          const result = await this.#ask(path, either).catch((error) => reasonOf(error, path));
          if (typeof result === "string") whys.set(path, result);
          else if (found === undefined) found = result;
          else await release(result); // two answered in the same moment
          if (found !== undefined) stop.abort();
        }
      }
    };
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, ports.length) }, work));
    if (!signal.aborted || found === undefined) return found;
    await release(found);
    return undefined;
  }

  /** The line, or why it is not the one: then the port is closed, and set as it was. */
  async #ask(path: string, signal: AbortSignal): Promise<IdentifiedLine | string> {
    const kept = Deno.build.os === "windows" ? undefined : new KeptSettings(path);
    try {
      const line = await this.#ways.open(path);
      const asked = await askIdentity(line, this.#wanted, signal);
      if ("line" in asked && !signal.aborted) return asked.line;
      kept?.restore();
      await release(line);
      if ("line" in asked) return "answered too late";
      const { heard, isOther } = asked;
      if (heard !== undefined && isOther) return `${ANSWERED} ${JSON.stringify(printable(heard) ?? "")}`;
      const but = heard === undefined ? "" : `, but said ${JSON.stringify(printable(heard) ?? "")}`;
      return `did not answer "ic" within ${this.#wanted.waitMs} ms${but}`;
    } finally {
      kept?.close();
    }
  }

  /** Those that are asked: what is built in may be the console of the machine. */
  async #ports(): Promise<readonly PortInfo[]> {
    const ports = await this.#ways.ports();
    return this.#ways.isChosen ? ports : ports.filter(isOnUsb);
  }
}

async function release(line: SerialLine): Promise<void> {
  line.close();
  await line.released;
}

/** One port with what is plugged into it: another device on the same path is another. */
function keyOf({ path, since, vendorId, productId, serialNumber, location }: PortInfo): string {
  return JSON.stringify([path, since, vendorId, productId, serialNumber, location]);
}

/** Why a port was not asked, without saying its name again. */
function reasonOf(error: unknown, path: string): string {
  const text = error instanceof Error ? error.message : String(error);
  return `was not asked (${text.replace(`Cannot open serial port ${printable(path)}: `, "")})`;
}

const ANSWERED = "answered";
/** Ports that are open at once for being asked: few machines have more. */
const AT_ONCE = 16;
/** Ports that an error tells of. */
const MAX_TOLD = 8;
