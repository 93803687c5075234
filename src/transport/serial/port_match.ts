/**
 * Which of the ports somebody means.
 *
 * @module
 */
import { BrokenError, UsageTypeError } from "../../errors.ts";
import { suggestion } from "../../suggestion.ts";
import { describePorts, type PortInfo, whatThereIs } from "./port_info.ts";

/**
 * What somebody wants to open: the port of this path or by-id link, the one device that has the text in its by-id
 * name, its maker and product, or its serial number (in any case), the one with these USB ids (hex digits in any
 * case), or `"auto"`: the only USB device. A port that is built in is never taken
 * unasked: it may be the console of the machine.
 */
export type WantedPort =
  | { readonly path: string }
  | { readonly id: string }
  | {
    readonly usb: { readonly vendorId: string; readonly productId: string; readonly serialNumber?: string };
  }
  | "auto";

/**
 * The one port that is wanted.
 *
 * A device whose serial number or by-id name is exactly the wanted text goes before those that only contain it.
 *
 * @throws {BrokenError} code `no_such_path`: there is none; the message lists what there is. Code `ambiguous`: there
 * are several; the message lists them and says how to name one.
 * @throws {UsageTypeError} code `usage`: the wanted id is empty.
 */
export function matchPort(ports: readonly PortInfo[], wanted: WantedPort): PortInfo {
  const found = candidates(ports, wanted);
  if (found.length === 1 && (wanted !== "auto" || isOnUsb(found[0]))) return found[0];
  if (found.length === 0) throw none(ports, wanted);
  const which = howToName(found, ports);
  throw new BrokenError(
    "ambiguous",
    `${thereAre(found)}${textOf(wanted)}: ${describePorts(found)}; ${which}`,
  );
}

function candidates(ports: readonly PortInfo[], wanted: WantedPort): readonly PortInfo[] {
  if (wanted === "auto") {
    const onUsb = ports.filter(isOnUsb);
    return onUsb.length > 0 ? onUsb : ports;
  }
  if ("path" in wanted) {
    const byPath = ports.filter((port) => port.path === wanted.path);
    return byPath.length > 0 ? byPath : ports.filter((port) => port.id === wanted.path);
  }
  if ("id" in wanted) return byText(ports, wanted.id);
  const { vendorId, productId, serialNumber } = wanted.usb;
  return ports.filter((port) =>
    sameHex(port.vendorId, vendorId) && sameHex(port.productId, productId) &&
    (serialNumber === undefined || port.serialNumber?.toLowerCase() === serialNumber.toLowerCase())
  );
}

/** True for what somebody has plugged in. */
export function isOnUsb(port: PortInfo): boolean {
  return port.vendorId !== undefined;
}

function byText(ports: readonly PortInfo[], text: string): readonly PortInfo[] {
  const part = text.trim().toLowerCase();
  if (part === "") {
    throw new UsageTypeError(
      `Cannot look for a serial port without a text: write for example "serial:id:FT232R", with a part of its name, maker, product or serial number`,
    );
  }
  const exact = ports.filter((port) =>
    [port.serialNumber, idName(port)].some((name) => name?.toLowerCase() === part)
  );
  if (exact.length > 0) return exact;
  return ports.filter((port) =>
    [idName(port), `${port.manufacturer ?? ""} ${port.product ?? ""}`, port.serialNumber]
      .some((name) => name?.toLowerCase().includes(part))
  );
}

function idName(port: PortInfo): string | undefined {
  return port.id?.replace(/^.*\/by-id\//, "");
}

function sameHex(known: string | undefined, wanted: string): boolean {
  return known !== undefined &&
    known.toLowerCase().padStart(4, "0") === wanted.toLowerCase().padStart(4, "0");
}

function none(ports: readonly PortInfo[], wanted: WantedPort): BrokenError {
  if (wanted === "auto") {
    return new BrokenError("no_such_path", "No serial port is there: plug one in, or name one by its path");
  }
  return new BrokenError("no_such_path", `No serial port${textOf(wanted)}${whatElse(ports, wanted)}`);
}

function thereAre(found: readonly PortInfo[]): string {
  return found.length === 1
    ? "There is 1 serial port, and it is built in"
    : `There are ${found.length} serial ports`;
}

function textOf(wanted: WantedPort): string {
  if (wanted === "auto") return "";
  if ("path" in wanted) return ` ${JSON.stringify(wanted.path)}`;
  if ("id" in wanted) return ` with ${JSON.stringify(wanted.id)} in name, maker, product or serial number`;
  const { vendorId, productId, serialNumber } = wanted.usb;
  return ` with USB ids ${vendorId}:${productId}` +
    (serialNumber === undefined ? "" : ` and serial number ${JSON.stringify(serialNumber)}`);
}

function whatElse(ports: readonly PortInfo[], wanted: Exclude<WantedPort, "auto">): string {
  return "path" in wanted ? nearestAndAll(wanted.path, ports) : `; ${whatThereIs(ports)}`;
}

/** For the end of a message: the path or link that was probably meant instead of `path`, and the ports that there are. */
export function nearestAndAll(path: string, ports: readonly PortInfo[]): string {
  const names = ports.flatMap((port) => port.id === undefined ? [port.path] : [port.path, port.id]);
  return `${suggestion(path, names)}; ${whatThereIs(ports)}`.replace("?; there", "? There");
}

/** The shortest address that means the newest of these and none of the others. */
function howToName(found: readonly PortInfo[], ports: readonly PortInfo[]): string {
  const port = found[found.length - 1];
  const isOnly = (text: string | undefined): text is string =>
    text !== undefined && byText(ports, text).length === 1;
  const stable = [port.serialNumber, idName(port)].find(isOnly);
  const address = stable === undefined ? `serial:${port.path}` : `serial:id:${stable}`;
  return `say which, as in "${address}" for ${port.path}`;
}
