/**
 * Serial ports as the package `@serialport/bindings-cpp` lists them, in our words.
 *
 * @module
 */
import { hexId, type PortInfo, printable, withoutGaps } from "./port_info.ts";

/** One port as the package tells of it. */
export interface BindingPort {
  /** `"/dev/ttyUSB0"`, `"/dev/tty.usbserial-1420"`, `"COM3"`. */
  readonly path: string;
  /** Who made it; on Linux the vendor id when the device does not say. */
  readonly manufacturer?: string;
  /** Its serial number. */
  readonly serialNumber?: string;
  /** Linux: the name of the link in `/dev/serial/by-id`; Windows: the Plug and Play id. */
  readonly pnpId?: string;
  /** macOS and Windows: where it is plugged in. */
  readonly locationId?: string;
  /** Hex digits, in any case. */
  readonly vendorId?: string;
  /** Hex digits, in any case. */
  readonly productId?: string;
  /** Windows: what the Device Manager calls it, `"USB Serial Port (COM3)"`. */
  readonly friendlyName?: string;
}

/**
 * The ports of macOS and Windows; those of Linux are read from /sys.
 *
 * @throws when the native part of the package cannot be loaded or its list fails.
 */
export async function readBindingPorts(): Promise<PortInfo[]> {
  const { autoDetect } = await import("@serialport/bindings-cpp");
  return (await autoDetect().list()).map((port) => bindingPort(port, Deno.build.os));
}

/** One port of the package's list as a {@linkcode PortInfo}, without the fields that it has nothing to say in. */
export function bindingPort(port: BindingPort, os: string): PortInfo {
  const vendorId = hexId(port.vendorId);
  const manufacturer = printable(port.manufacturer);
  return withoutGaps({
    // Opening /dev/tty.* waits for a carrier, which most devices never raise; /dev/cu.* is the same port without that.
    path: os === "darwin" ? port.path.replace(/^\/dev\/tty\./, "/dev/cu.") : port.path,
    id: port.pnpId && (os === "linux" ? `/dev/serial/by-id/${port.pnpId}` : port.pnpId),
    manufacturer: hexId(manufacturer) === vendorId ? undefined : manufacturer,
    product: printable(port.friendlyName?.replace(/\s*\(COM\d+\)$/, "")),
    serialNumber: printable(port.serialNumber),
    vendorId,
    productId: hexId(port.productId),
    location: printable(port.locationId),
  });
}
