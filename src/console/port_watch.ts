import { listPorts, type PortInfo } from "../../mod.ts";

/** A serial port that has come or gone. */
export interface PortChange {
  /** `"+"` for a port that is there now, `"-"` for one that is there no more. */
  readonly sign: "+" | "-";
  readonly port: PortInfo;
}

/** What a {@linkcode PortWatch} works with. */
export interface PortWatchOptions {
  /** Tells of one change. */
  onChange?(change: PortChange): void;
  /** Hands over the whole list whenever the ports were listed again, changed or not: names may come a moment later. */
  onList?(ports: readonly PortInfo[]): void;
  /** The ports cannot be listed; nothing more is told until they can. */
  onFail(error: Error): void;
  /** Lists the ports. Default: {@linkcode listPorts}. */
  list?(): Promise<readonly PortInfo[]>;
  /** Between two looks, in milliseconds. Default 500. */
  everyMs?: number;
}

/** Looks again and again which serial ports there are, and tells what has changed. */
export class PortWatch {
  readonly #options: PortWatchOptions;
  readonly #everyMs: number;
  #known = new Map<string, PortInfo>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Grows when what is under way is no longer of interest. */
  #run = 0;
  #isOn = false;
  /** What a look at the device folder has shown last. */
  #nodes: string | undefined;
  /** Looks that list the ports whatever the device folder shows: names and rights come a moment after the node. */
  #looks = 0;
  #hasFailed = false;

  constructor(options: PortWatchOptions) {
    this.#options = options;
    this.#everyMs = options.everyMs ?? 500;
  }

  /** True between {@linkcode start} and {@linkcode stop}. */
  get isOn(): boolean {
    return this.#isOn;
  }

  /**
   * Begins to look. Resolves with the ports that are there now, of which nothing is told.
   *
   * @throws what listing the ports throws; then it is off.
   */
  async start(): Promise<readonly PortInfo[]> {
    this.stop();
    this.#isOn = true;
    const run = this.#run;
    try {
      // Looked at before the ports are listed: what comes in between is a change then, and not overlooked.
      const nodes = await this.#look();
      const ports = await this.#list();
      if (run !== this.#run) return ports;
      this.#known = byKey(ports);
      this.#nodes = nodes;
      this.#schedule(run);
      return ports;
    } catch (error) {
      if (run === this.#run) this.stop();
      throw error;
    }
  }

  /** Looks no more. */
  stop(): void {
    this.#isOn = false;
    this.#run++;
    clearTimeout(this.#timer);
  }

  #schedule(run: number): void {
    this.#timer = setTimeout(() => void this.#tick(run), this.#everyMs);
  }

  async #tick(run: number): Promise<void> {
    try {
      const nodes = await this.#look();
      if (nodes === undefined || nodes !== this.#nodes) this.#looks = LOOKS_AFTER_CHANGE;
      this.#nodes = nodes;
      if (this.#looks > 0) {
        this.#looks--;
        const ports = await this.#list();
        if (run === this.#run) this.#compare(ports);
      }
      this.#hasFailed = false;
    } catch (error) {
      if (run === this.#run && !this.#hasFailed) this.#options.onFail(error as Error);
      this.#hasFailed = true;
      this.#looks = LOOKS_AFTER_CHANGE;
    }
    if (run === this.#run) this.#schedule(run);
  }

  #compare(ports: readonly PortInfo[]): void {
    const { onChange, onList } = this.#options;
    const now = byKey(ports);
    const before = this.#known;
    this.#known = now;
    onList?.(ports);
    for (const [key, port] of before) if (!now.has(key)) onChange?.({ sign: "-", port });
    for (const [key, port] of now) if (!before.has(key)) onChange?.({ sign: "+", port });
  }

  async #list(): Promise<readonly PortInfo[]> {
    return await (this.#options.list ?? listPorts)();
  }

  /**
   * The nodes of serial ports, which cost nothing to look at several times a second; a whole list may start another
   * program. `undefined` where only the list tells.
   */
  async #look(): Promise<string | undefined> {
    if (this.#options.list !== undefined || Deno.build.os !== "linux") return undefined;
    const names: string[] = [];
    try {
      for await (const { name } of Deno.readDir("/dev")) {
        if (/^(tty[A-Z]|rfcomm)/.test(name)) names.push(name);
      }
    } catch {
      return undefined;
    }
    return names.sort().join();
  }
}

/** So many looks in a row list the ports after a change. */
const LOOKS_AFTER_CHANGE = 3;

/** A device that was exchanged for another between two looks is another one, though its path may be the same. */
function byKey(ports: readonly PortInfo[]): Map<string, PortInfo> {
  return new Map(
    ports.map((port) => [
      [port.path, port.vendorId, port.productId, port.serialNumber, port.location].join("\0"),
      port,
    ]),
  );
}
