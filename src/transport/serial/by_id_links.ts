/** Links read: one for each port and interface, and no machine has this many. */
const MAX_LINKS = 4096;

/**
 * The links in `/dev/serial/by-id` by the node that each leads to: `"/dev/ttyUSB0"` to
 * `"/dev/serial/by-id/usb-FTDI_FT232R_A50285BI-if00-port0"`. Empty where nothing makes such links, as in containers;
 * a link that leads nowhere is left out.
 */
export async function linksById(dev: string): Promise<Map<string, string>> {
  const folder = `${dev}/serial/by-id`;
  const names: string[] = [];
  try {
    for await (const { name } of Deno.readDir(folder)) {
      names.push(name);
      if (names.length === MAX_LINKS) break;
    }
  } catch {
    return new Map();
  }
  const links = new Map<string, string>();
  for (const name of names.sort()) {
    const node = await Deno.realPath(`${folder}/${name}`).catch(() => undefined);
    // A device may have two names, with and without its port number; the first is enough.
    if (node !== undefined && !links.has(node)) links.set(node, `${folder}/${name}`);
  }
  return links;
}
