/**
 * What is known about one serial port, and how people read it.
 *
 * @module
 */

/** A process that has a serial port open. */
export interface PortHolder {
  /** Its process id. */
  readonly pid: number;
  /** The name of its program, `"tio"`: the 15 characters of it that the system keeps. */
  readonly program: string;
}

/**
 * A serial port of this machine, as `listPorts` tells of it. Only `path` is always there; everything else is left out
 * where the system does not know it.
 */
export interface PortInfo {
  /** What the port is opened by: `"/dev/ttyUSB0"`, `"/dev/cu.usbserial-1420"`, `"COM3"`. */
  readonly path: string;
  /**
   * A name that stays the same when the device is plugged in again. Linux: the link
   * `"/dev/serial/by-id/usb-FTDI_FT232R_A50285BI-if00-port0"`; Windows: the Plug and Play id.
   */
  readonly id?: string;
  /** Who made the device, in its own words or those of the hardware database: `"FTDI"`. */
  readonly manufacturer?: string;
  /** What the device is, likewise: `"FT232R USB UART"`. */
  readonly product?: string;
  /** The serial number of a USB device. Cheap devices have none, or all the same one. */
  readonly serialNumber?: string;
  /** The vendor of a USB device, four hex digits in lower case: `"0403"`. */
  readonly vendorId?: string;
  /** The product of a USB device, four hex digits in lower case: `"6001"`. */
  readonly productId?: string;
  /**
   * Where a USB device is plugged in. Linux: bus, hub ports and interface, `"1-2.3:1.0"`, and of an interface with
   * several ports each but the first with its number behind it, `"1-2.3:1.0-port1"`; elsewhere as the system says it.
   */
  readonly location?: string;
  /** The driver of the device, on Linux only: `"ftdi_sio"`, `"cdc_acm"`, `"serial8250"`. */
  readonly driver?: string;
  /** When the device appeared, in milliseconds since 1970; where it is not known, left out. */
  readonly since?: number;
  /**
   * The processes that have it open, this one first and 4 at most, as far as this program may see: those of other users
   * are seen by root only. Left out unless `listPorts` was asked for it, and where it cannot be known: it is told on
   * Linux only.
   */
  readonly heldBy?: readonly PortHolder[];
}

/** Characters of one text of a device that are kept: USB allows 126 in a descriptor, so nothing real is cut. */
const MAX_TEXT_CHARS = 256;

/**
 * Text that a device says of itself, made safe to show: without control, format and other characters that nobody can
 * see, spaces of any kind as one space, at most 256 characters. Nothing when nothing is left.
 */
export function printable(text: string | undefined): string | undefined {
  const clean = (text ?? "").slice(0, MAX_TEXT_CHARS).replace(/\s+/gu, " ").replace(/\p{C}/gu, "").trim();
  return clean === "" ? undefined : clean;
}

/** Four hex digits in lower case, or nothing when it is not a number of a vendor or product. */
export function hexId(text: string | undefined): string | undefined {
  const digits = /^\s*(?:0x)?([0-9a-f]{1,4})\s*$/i.exec(text ?? "")?.[1];
  return digits?.toLowerCase().padStart(4, "0");
}

/** The same without the fields that are `undefined`, so that one list can be laid over another. */
export function withoutGaps<T extends object>(fields: T): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
}

/**
 * One line for people: the path, and in brackets what the device says of itself.
 *
 * @example
 * ```ts
 * import { describePort } from "./port_info.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(
 *   describePort({
 *     path: "/dev/ttyUSB0",
 *     manufacturer: "FTDI",
 *     product: "FT232R",
 *     vendorId: "0403",
 *     productId: "6001",
 *     serialNumber: "A50285BI",
 *   }),
 *   "/dev/ttyUSB0 (FTDI FT232R, 0403:6001, serial A50285BI)",
 * );
 * ```
 */
export function describePort(port: PortInfo): string {
  const about = [
    nameOf(port),
    port.vendorId !== undefined && port.productId !== undefined
      ? `${printable(port.vendorId)}:${printable(port.productId)}`
      : undefined,
    printable(port.serialNumber) === undefined ? undefined : `serial ${printable(port.serialNumber)}`,
  ].filter((part) => part !== undefined);
  if (about.length === 0 && printable(port.driver) !== undefined) about.push(`${printable(port.driver)}`);
  const path = printable(port.path) ?? "(no path)";
  return about.length === 0 ? path : `${path} (${about.join(", ")})`;
}

/** Maker and product without saying the maker twice: many products begin with it. */
function nameOf(port: PortInfo): string | undefined {
  const maker = printable(port.manufacturer);
  const product = printable(port.product);
  if (maker === undefined || product === undefined) return maker ?? product;
  return product.toLowerCase().startsWith(maker.toLowerCase()) ? product : `${maker} ${product}`;
}

/** Ports that one message lists at most: more than that nobody reads. */
const MAX_LISTED_PORTS = 8;

/** `there are: …` for the end of a message: the newest ports, each as {@linkcode describePort} says it. */
export function whatThereIs(ports: readonly PortInfo[]): string {
  return ports.length === 0 ? "there are none" : `there are: ${describePorts(ports)}`;
}

/** The last 8 of the ports with commas between them, and how many more there are. */
export function describePorts(ports: readonly PortInfo[]): string {
  const left = ports.length - MAX_LISTED_PORTS;
  return ports.slice(-MAX_LISTED_PORTS).map(describePort).join(", ") + (left > 0 ? ` and ${left} more` : "");
}

/** The ports in the order in which they appeared; those of one moment in the order of their names, 2 before 10. */
export function newestLast(ports: readonly PortInfo[]): PortInfo[] {
  // Made here and not once for all: it takes some 10 ms, and most programs never list a port.
  const natural = new Intl.Collator("en", { numeric: true });
  const since = (port: PortInfo) => port.since ?? 0; // a port whose time is not known has probably always been there
  return ports.toSorted((a, b) => since(a) - since(b) || natural.compare(a.path, b.path));
}
