import { BrokenError } from "../../errors.ts";
import { readBindingPorts } from "./binding_ports.ts";
import { newestLast, type PortInfo } from "./port_info.ts";
import { readSysfsPorts, SYSTEM_ROOTS, type SystemRoots } from "./sysfs_ports.ts";

/**
 * The serial ports of this machine, the one that appeared last at the end; ports that appeared at once, or of which
 * it is not known, in the order of their names, `ttyUSB2` before `ttyUSB10`. Pseudo terminals are no serial ports.
 *
 * On Linux `/sys` says what there is, and `udevadm`, where it is installed, adds names; it may take 2 s at most.
 * macOS and Windows: as `@serialport/bindings-cpp` lists them. What devices say of themselves is made safe to show.
 *
 * @throws {BrokenError} code `permission`: this program may not look (`--allow-all` is missing); code `io`: the
 * system's own list failed.
 *
 * @example
 * ```ts
 * import { listPorts } from "./list_ports.ts";
 *
 * for (const { path, product, serialNumber } of await listPorts()) console.log(path, product, serialNumber);
 * ```
 */
export async function listPorts(): Promise<PortInfo[]> {
  try {
    return Deno.build.os === "linux" ? await listLinuxPorts() : newestLast(await readBindingPorts());
  } catch (error) {
    const { name, message } = error as Error;
    const why = String(message ?? error).split("\n")[0];
    if (name !== "NotCapable") throw new BrokenError("io", `Cannot list serial ports: ${why}`);
    throw new BrokenError(
      "permission",
      `Cannot list serial ports: Deno keeps this program from it (${why}); start it with -A (--allow-all), which /sys and /dev need`,
    );
  }
}

/** {@linkcode listPorts} of Linux with other roots and another udev, for tests. */
export async function listLinuxPorts(
  roots: SystemRoots = SYSTEM_ROOTS,
  askUdev: () => Promise<PortInfo[]> = askUdevadm,
): Promise<PortInfo[]> {
  const [{ ports, known }, heard] = await Promise.all([readSysfsPorts(roots), askUdev()]);
  const merged = new Map(ports.map((port) => [port.path, port]));
  for (const port of heard) {
    if (!port.path.startsWith("/dev/")) continue;
    const name = port.path.slice("/dev/".length);
    const path = `${roots.dev}/${name}`;
    const seen = merged.get(path);
    if (seen !== undefined) merged.set(path, { ...port, ...seen }); // the device's own words before those of a database
    else if (!known.has(name.replaceAll("/", "!"))) await add(path, port, merged);
  }
  return newestLast([...merged.values()]);
}

/** Add a port that /sys does not show, as in some containers, when there is a node to open. */
async function add(path: string, port: PortInfo, ports: Map<string, PortInfo>): Promise<void> {
  const node = await Deno.stat(path).catch(() => undefined);
  if (node === undefined) return;
  const since = (node.birthtime ?? node.ctime)?.getTime();
  ports.set(path, { ...port, path, ...(since !== undefined && { since }) });
}

/** Loaded only when asked: what starts programs takes 20 ms to load. */
async function askUdevadm(): Promise<PortInfo[]> {
  const { readUdevPorts } = await import("./udev_ports.ts");
  return await readUdevPorts();
}
