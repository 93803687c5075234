/**
 * Which device a port belongs to, so that the same device is found again under another name.
 *
 * @module
 */
import type { PortInfo } from "./port_info.ts";

/** What tells a device from all others. Made by {@linkcode identityOf}, and used by {@linkcode findAgain}. */
export interface PortIdentity {
  /** The path it had; all that is known of a port that is not on USB. */
  readonly path: string;
  /** The vendor of a USB device. */
  readonly vendorId?: string;
  /** The product of a USB device. */
  readonly productId?: string;
  /** Its serial number, where that tells it from others of its kind. */
  readonly serialNumber?: string;
  /** Where it was plugged in: `"1-2.3"`. */
  readonly place?: string;
  /** Which of its ports it was, the interface: `"1.0"`. */
  readonly part?: string;
  /** True when only the place tells the device from others: it has no serial number, or another has the same. */
  readonly isByPlace: boolean;
}

/** Numbers that makers leave in every device: CP2102 is sold as "0001", others as "0", "000000" or "1". */
const NO_SERIAL_NUMBER = /^0*1?$/;

/**
 * What identifies the device of this port after it was unplugged: USB vendor, product, serial number and interface.
 * Without a serial number, or with one that every device of the kind has ("0001"), the place stands for it: such a
 * device is found again where it was, and nowhere else. A port without USB ids has its path only.
 *
 * With the ports that there are `among`, another device with the same number is noticed now, while both are there.
 *
 * @example
 * ```ts
 * import { findAgain, identityOf } from "./port_identity.ts";
 * import assert from "node:assert/strict";
 *
 * const usb = { vendorId: "0403", productId: "6001", serialNumber: "A50285BI" };
 * const identity = identityOf({ path: "/dev/ttyUSB0", ...usb, location: "1-2:1.0" });
 * const back = { path: "/dev/ttyUSB3", ...usb, location: "1-4:1.0" };
 * assert.equal(findAgain([{ path: "/dev/ttyUSB0" }, back], identity), back);
 * ```
 */
export function identityOf(port: PortInfo, among: readonly PortInfo[] = []): PortIdentity {
  const { path, vendorId, productId, serialNumber } = port;
  if (vendorId === undefined || productId === undefined) return { path, isByPlace: false };
  const [place, part] = placeOf(port);
  const hasTwin = among.some((other) => isSameModel(other, port) && placeOf(other)[0] !== place);
  const isByPlace = serialNumber === undefined || NO_SERIAL_NUMBER.test(serialNumber) || hasTwin;
  return { path, vendorId, productId, serialNumber, place, part, isByPlace };
}

/**
 * The port of the same device among those that there are now, whatever its path is; `undefined` when it is not there,
 * and also when it cannot be told which one it is: never another device.
 */
export function findAgain(ports: readonly PortInfo[], identity: PortIdentity): PortInfo | undefined {
  if (identity.vendorId === undefined) {
    return ports.find((port) => port.path === identity.path && port.vendorId === undefined);
  }
  const same = ports.filter((port) => isSameModel(port, identity) && placeOf(port)[1] === identity.part);
  const isHere = (port: PortInfo) => placeOf(port)[0] === identity.place;
  const places = new Set(same.map((port) => placeOf(port)[0]));
  const found = identity.isByPlace || places.size > 1 ? same.filter(isHere) : same;
  // Where the system does not tell places or interfaces, what is left is the path.
  if (found.length > 1 || (identity.isByPlace && identity.place === undefined)) {
    return found.find((port) => port.path === identity.path);
  }
  return found[0];
}

function isSameModel(a: Partial<PortInfo>, b: Partial<PortInfo>): boolean {
  return a.vendorId === b.vendorId && a.productId === b.productId && a.serialNumber === b.serialNumber;
}

/** The place of the device, and which of its ports this is: `"1-2.3:1.0-port1"` is `["1-2.3", "1.0-port1"]`. */
function placeOf({ location }: PortInfo): [place: string | undefined, part: string | undefined] {
  const match = /^(\d+-[\d.]+):(.+)$/.exec(location ?? "");
  return match === null ? [location, undefined] : [match[1], match[2]];
}
