import { type PortInfo, printable } from "./port_info.ts";

/**
 * The names of the hardware database in what `udevadm info -e` prints, by the path of the node they belong to: for
 * devices that do not say who made them. The package's list leaves these names out.
 */
export function hardwareNames(text: string): Map<string, Pick<PortInfo, "manufacturer" | "product">> {
  const names = new Map<string, Pick<PortInfo, "manufacturer" | "product">>();
  for (const block of text.split("\n\n")) {
    if (!block.includes("_FROM_DATABASE=")) continue;
    const properties = new Map<string, string>();
    for (const [, key, value] of block.matchAll(/^E: ([A-Z_]+)=(.*)$/gm)) properties.set(key, value);
    const path = properties.get("DEVNAME");
    // Where a device is both on USB and on PCI, the plain names are those of PCI; the USB ones say what was plugged in.
    const find = (what: string) =>
      printable(properties.get(`ID_USB_${what}_FROM_DATABASE`) ?? properties.get(`ID_${what}_FROM_DATABASE`));
    if (path !== undefined) names.set(path, { manufacturer: find("VENDOR"), product: find("MODEL") });
  }
  return names;
}
