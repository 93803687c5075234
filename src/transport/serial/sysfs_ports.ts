/**
 * Serial ports as the Linux kernel shows them in `/sys/class/tty`.
 *
 * @module
 */
import { linksById } from "./by_id_links.ts";
import { hexId, type PortInfo, printable, withoutGaps } from "./port_info.ts";

/** Where the system keeps its files. Tests put trees of their own in their place. */
export interface SystemRoots {
  /** The kernel's view of the devices. Default `"/sys"`. */
  readonly sys: string;
  /** The nodes that are opened. Default `"/dev"`. */
  readonly dev: string;
}

/** The roots of a running system. */
export const SYSTEM_ROOTS: SystemRoots = Object.freeze({ sys: "/sys", dev: "/dev" });

/** What {@linkcode readSysfsPorts} found. */
export interface SysfsPorts {
  /** The ports, in no particular order. */
  readonly ports: PortInfo[];
  /** The names of all terminals that the kernel knows, ports or not: `"ttyUSB0"`, `"tty1"`, `"ttyS31"`. */
  readonly known: ReadonlySet<string>;
}

/** Terminals looked at. A machine with 2048 ports on cards exists; more than twice that is no machine. */
const MAX_TERMINALS = 4096;

/** Folders climbed from a port to its USB device: hubs nest 7 deep, and the way to the controller is about as long. */
const MAX_CLIMB = 32;

/** Ports without a device behind them in /sys that are ports all the same: Bluetooth, USB gadgets, tty0tty pairs. */
const WITHOUT_DEVICE = /^(rfcomm|ttyGS|tnt)\d+$/;

/**
 * Every serial port that has a node in `dev`. A file that is missing or cannot be read costs the field it holds, a
 * device that goes away meanwhile costs itself, and nothing else.
 *
 * @throws {Deno.errors.NotCapable} when this program may not read `sys` or `dev`.
 */
export async function readSysfsPorts(roots: SystemRoots = SYSTEM_ROOTS): Promise<SysfsPorts> {
  const folder = `${roots.sys}/class/tty`;
  const known = new Set<string>();
  try {
    for await (const { name } of Deno.readDir(folder)) {
      known.add(name);
      if (known.size === MAX_TERMINALS) break;
    }
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
  }
  const ids = await linksById(roots.dev);
  const found = await Promise.all([...known].map((name) => readPort(`${folder}/${name}`, name, roots, ids)));
  return { ports: found.filter((port) => port !== undefined), known };
}

async function readPort(
  folder: string,
  name: string,
  roots: SystemRoots,
  ids: ReadonlyMap<string, string>,
): Promise<PortInfo | undefined> {
  const device = await realPath(`${folder}/device`);
  if (device === undefined && !WITHOUT_DEVICE.test(name)) return undefined; // a console, a pty
  if (await readText(`${folder}/type`) === "0") return undefined; // a place for a chip that is not there
  const path = `${roots.dev}/${name.replaceAll("!", "/")}`; // how the kernel writes a slash in a name
  const node = await Deno.stat(path).catch(() => undefined);
  if (node === undefined) return undefined;
  // What is above a Bluetooth port is the radio of this machine, which says nothing of the device.
  const climbed = device === undefined || name.startsWith("rfcomm") ? {} : await climb(device, roots.sys);
  const since = (node.birthtime ?? node.ctime)?.getTime();
  const id = ids.get(await realPath(path) ?? path);
  return { path, ...(id && { id }), ...climbed, ...(since !== undefined && { since }) };
}

/** What the folders above a port say: its driver, its USB interface, its USB device. */
async function climb(device: string, sys: string): Promise<Partial<PortInfo>> {
  const top = await realPath(sys) ?? sys;
  const portNumber = Number(await readText(`${device}/port_number`) ?? 0);
  let driver: string | undefined;
  let location: string | undefined;
  for (let folder = device, steps = 0; steps < MAX_CLIMB && folder.startsWith(`${top}/`); steps++) {
    const isInterface = await readText(`${folder}/bInterfaceNumber`) !== undefined;
    if (isInterface) location ??= baseName(folder) + (portNumber > 0 ? `-port${portNumber}` : "");
    // The driver of the interface has the name that people know: ch341, where the one of the port is ch341-uart.
    if (driver === undefined || isInterface) driver = await driverOf(folder) ?? driver;
    const vendorId = hexId(await readText(`${folder}/idVendor`));
    if (vendorId !== undefined) {
      return withoutGaps({ driver, location, vendorId, ...await readUsbDevice(folder) });
    }
    folder = folder.slice(0, folder.lastIndexOf("/"));
  }
  return withoutGaps({ driver });
}

async function readUsbDevice(folder: string): Promise<Partial<PortInfo>> {
  const [productId, serialNumber, manufacturer, product] = await Promise.all(
    ["idProduct", "serial", "manufacturer", "product"].map((name) => readText(`${folder}/${name}`)),
  );
  return { productId: hexId(productId), serialNumber, manufacturer, product };
}

/** The driver that a folder links to. The serial-base bus stands between a plain port and its driver, and is none. */
async function driverOf(folder: string): Promise<string | undefined> {
  const [driver, subsystem] = await Promise.all([
    realPath(`${folder}/driver`),
    realPath(`${folder}/subsystem`),
  ]);
  if (driver === undefined || (subsystem !== undefined && baseName(subsystem) === "serial-base")) {
    return undefined;
  }
  return printable(baseName(driver));
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return printable(await Deno.readTextFile(path));
  } catch {
    return undefined;
  }
}

async function realPath(path: string): Promise<string | undefined> {
  return await Deno.realPath(path).catch(() => undefined);
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
