/**
 * Trees as the Linux kernel and udev make them in /sys and /dev, in a temporary folder.
 *
 * @module
 */
import type { SystemRoots } from "../../../src/transport/serial/sysfs_ports.ts";

/** What a made USB device says of itself, and how it is attached. */
export interface MadeDevice {
  /** Its node and terminal: `"ttyUSB0"`. */
  name: string;
  /** Bus and hub ports: `"1-2.3"`. */
  place: string;
  /** Configuration and interface. Default `"1.0"`. */
  part?: string;
  /** The driver of the interface. */
  driver: string;
  /** The driver of the port; only devices of the usb-serial family have one. */
  portDriver?: string;
  /** Which port of its interface it is. Default 0. */
  portNumber?: number;
  /** Files of the device: idVendor, idProduct, serial, manufacturer, product. */
  files: Record<string, string | Uint8Array>;
  /** Its link in `/dev/serial/by-id`, where udev makes one. */
  byId?: string;
}

/** A made `/sys` and `/dev`. */
export class DeviceTree implements AsyncDisposable {
  readonly #root: string;

  private constructor(root: string) {
    this.#root = root;
  }

  /** An empty tree, removed when it is disposed of. */
  static async make(): Promise<DeviceTree> {
    const tree = new DeviceTree(await Deno.realPath(await Deno.makeTempDir({ prefix: "parley_ports_" })));
    await Deno.mkdir(`${tree.roots.sys}/class/tty`, { recursive: true });
    await Deno.mkdir(tree.roots.dev);
    return tree;
  }

  /** The roots to look for ports in. */
  get roots(): SystemRoots {
    return { sys: `${this.#root}/sys`, dev: `${this.#root}/dev` };
  }

  /** The path of a node. */
  node(name: string): string {
    return `${this.roots.dev}/${name}`;
  }

  /** The folder of a USB device. */
  usbFolder(place: string): string {
    return `${this.roots.sys}/devices/pci0000:00/0000:00:14.0/usb1/${place}`;
  }

  /** A device of the usb-serial family (`portDriver`), or one of CDC-ACM. */
  async usb(device: MadeDevice): Promise<void> {
    const { name, place, part = "1.0", driver, portDriver, portNumber = 0, files, byId } = device;
    const folder = this.usbFolder(place);
    const usbInterface = `${folder}/${place}:${part}`;
    await Deno.mkdir(usbInterface, { recursive: true });
    for (const [file, content] of Object.entries(files)) await this.file(`${folder}/${file}`, content);
    await this.file(`${usbInterface}/bInterfaceNumber`, `0${part.slice(-1)}\n`);
    await this.driver(usbInterface, "usb", driver);
    const port = portDriver === undefined ? usbInterface : `${usbInterface}/${name}`;
    if (portDriver !== undefined) {
      await Deno.mkdir(port, { recursive: true });
      await this.driver(port, "usb-serial", portDriver);
      await this.file(`${port}/port_number`, `${portNumber}\n`);
    }
    await this.terminal(name, port);
    await this.file(this.node(name), "");
    if (byId !== undefined) await this.byId(byId, `../../${name}`);
  }

  /** A port on the board, behind the serial-base bus as in kernels since 6.5; `type` 0 is a place without a chip. */
  async plain(name: string, type: string): Promise<void> {
    const platform = `${this.roots.sys}/devices/platform/serial8250`;
    const port = `${platform}/serial8250:0/serial8250:0.${name.slice("ttyS".length)}`;
    await Deno.mkdir(port, { recursive: true });
    await this.driver(port, "serial-base", "port");
    await this.driver(`${platform}/serial8250:0`, "serial-base", "ctrl");
    await this.driver(platform, "platform", "serial8250");
    const terminal = await this.terminal(name, port);
    await this.file(`${terminal}/type`, `${type}\n`);
    await this.file(this.node(name), "");
  }

  /** A terminal of the kernel; without a `device` it is a console or a pseudo terminal. */
  async terminal(name: string, device?: string): Promise<string> {
    const folder = device === undefined
      ? `${this.roots.sys}/devices/virtual/tty/${name}`
      : `${device}/tty/${name}`;
    await Deno.mkdir(folder, { recursive: true });
    await Deno.symlink(folder, `${this.roots.sys}/class/tty/${name}`);
    if (device !== undefined) await Deno.symlink(device, `${folder}/device`);
    return folder;
  }

  /** A link in `/dev/serial/by-id`. */
  async byId(name: string, target: string): Promise<void> {
    const folder = `${this.roots.dev}/serial/by-id`;
    await Deno.mkdir(folder, { recursive: true });
    await Deno.symlink(target, `${folder}/${name}`);
  }

  /** A file with a text or bytes in it. */
  async file(path: string, content: string | Uint8Array): Promise<void> {
    if (typeof content === "string") await Deno.writeTextFile(path, content);
    else await Deno.writeFile(path, content);
  }

  /** Removes everything. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.#root, { recursive: true });
  }

  private async driver(folder: string, bus: string, name: string): Promise<void> {
    const driver = `${this.roots.sys}/bus/${bus}/drivers/${name}`;
    await Deno.mkdir(driver, { recursive: true });
    if (await Deno.lstat(`${folder}/driver`).catch(() => undefined)) return; // another port of the same card
    await Deno.symlink(driver, `${folder}/driver`);
    await Deno.symlink(`${this.roots.sys}/bus/${bus}`, `${folder}/subsystem`);
  }
}

/** An FTDI adapter as it is sold. */
export const FTDI: MadeDevice = {
  name: "ttyUSB0",
  place: "1-2.3",
  driver: "ftdi_sio",
  portDriver: "ftdi_sio",
  files: {
    idVendor: "0403\n",
    idProduct: "6001\n",
    serial: "A50285BI\n",
    manufacturer: "FTDI\n",
    product: "FT232R USB UART\n",
  },
  byId: "usb-FTDI_FT232R_USB_UART_A50285BI-if00-port0",
};
