import type { PortInfo } from "../transport/serial/port_info.ts";
import { PseudoTerminals } from "./pseudo_terminal.ts";
import { VirtualSerialPort } from "./virtual_serial_port.ts";

/** Options of {@linkcode virtualSerialPair}. */
export interface VirtualSerialOptions {
  /** What port `a` pretends to be in `ports()`. Default: a USB device 1209:0001 with the serial number "A". */
  a?: Omit<PortInfo, "path">;
  /** The same of port `b`. Default: serial number "B". */
  b?: Omit<PortInfo, "path">;
  /**
   * What becomes of bytes on the cable on their way `to` a port: return them, changed or not, or fewer, or more.
   * The bytes are only good during the call.
   */
  noise?(bytes: Uint8Array, to: "a" | "b"): Uint8Array;
}

/** Two virtual serial ports and the cable between them. */
export interface VirtualSerialPair extends AsyncDisposable {
  /** One end. */
  readonly a: VirtualSerialPort;
  /** The other end. */
  readonly b: VirtualSerialPort;
  /** The ports that are plugged in, for the option `ports` of `serial`: so that a device is found again. */
  ports(): Promise<PortInfo[]>;
  /** Ends both ports. Whoever has one open sees its device vanish. */
  close(): Promise<void>;
}

/**
 * Two virtual serial ports that are connected, for tests of programs that talk to a device: what is written to the one
 * comes out of the other. Any program can open their paths. They have no modem lines and know no baud rate. Linux and
 * macOS (not run there yet).
 *
 * @throws {Error} the system has no pseudo terminal left. @throws {Deno.errors.NotCapable} without `--allow-ffi`.
 *
 * @example
 * ```ts
 * import { serial } from "@parley/parley";
 * import { virtualSerialPair } from "@parley/parley/testing";
 * import assert from "node:assert/strict";
 *
 * await using pair = virtualSerialPair();
 * await using device = await serial(pair.a.path, {
 *   onReceive: (line, peer) => peer.send(line === "*IDN?" ? "ACME 3000" : "?"),
 * });
 * await using port = await serial(pair.b.path, { baudRate: 9600 });
 * assert.equal(await port.ask("*IDN?"), "ACME 3000");
 * assert(device.isOpen);
 * ```
 */
export function virtualSerialPair(options: VirtualSerialOptions = {}): VirtualSerialPair {
  const terminals = new PseudoTerminals();
  const a = new VirtualSerialPort(terminals, options.a ?? pretended("A"));
  const b = new VirtualSerialPort(terminals, options.b ?? pretended("B"));
  const pumps = [pump(a, b, "b", options), pump(b, a, "a", options)];
  let closing: Promise<void> | undefined;
  const end = async () => {
    await Promise.all([a.close(), b.close(), ...pumps]);
    terminals.end();
  };
  const close = () => closing ??= end();
  return {
    a,
    b,
    ports: () => Promise.resolve([a.info, b.info].filter((info) => info !== undefined)),
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Carries what is written to one port to the other. */
async function pump(
  from: VirtualSerialPort,
  to: VirtualSerialPort,
  name: "a" | "b",
  { noise }: VirtualSerialOptions,
): Promise<void> {
  const memory = new Uint8Array(CABLE_BYTES);
  for (;;) {
    const bytes = await from.read(memory);
    if (bytes === undefined) return;
    await to.write(noise === undefined ? bytes : noise(bytes, name));
  }
}

/** Ids that are set aside for such purposes: see pid.codes/1209/0001. */
function pretended(serialNumber: string): Omit<PortInfo, "path"> {
  return {
    manufacturer: "Parley",
    product: "Virtual port",
    vendorId: "1209",
    productId: "0001",
    serialNumber,
  };
}

const CABLE_BYTES = 64 * 1024;
