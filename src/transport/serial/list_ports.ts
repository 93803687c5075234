import { BrokenError } from "../../errors.ts";
import { readBindingPorts } from "./binding_ports.ts";
import { newestLast, type PortInfo } from "./port_info.ts";
import { readSysfsPorts, SYSTEM_ROOTS, type SystemRoots } from "./sysfs_ports.ts";

/** What {@linkcode listPorts} may be asked for. */
export interface ListPortsOptions {
  /** Tell in `heldBy` which processes have each port open: one look at all processes. Default false. */
  readonly holders?: boolean;
  /**
   * Ports that are known already, such as those of a list before: they are told again, in their order, instead of being
   * looked for, which leaves only their holders to be looked up. Default: all ports are looked for.
   */
  readonly known?: readonly PortInfo[];
}

/**
 * The serial ports of this machine, the one that appeared last at the end; ports that appeared at once, or of which
 * it is not known, in the order of their names, `ttyUSB2` before `ttyUSB10`. Pseudo terminals are no serial ports.
 *
 * On Linux `/sys` says what there is, and `udevadm`, where it is installed, adds names; it may take 2 s at most.
 * macOS and Windows: as `@serialport/bindings-cpp` lists them. What devices say of themselves is made safe to show.
 *
 * With `holders` each port is told with the programs that have it open. Looking at 80 processes with 400 open files
 * took 12 ms; at most 8192 processes and 20,000 open files are looked at.
 *
 * @throws {BrokenError} code `permission`: this program may not look (`--allow-all` is missing); code `io`: the
 * system's own list failed.
 *
 * @example
 * ```ts
 * import { listPorts } from "./list_ports.ts";
 *
 * for (const { path, product, serialNumber } of await listPorts()) console.log(path, product, serialNumber);
 * for (const { path, heldBy = [] } of await listPorts({ holders: true })) {
 *   for (const { pid, program } of heldBy) console.log(`${path} is open in ${program} (${pid})`);
 * }
 * ```
 */
export async function listPorts({ holders = false, known }: ListPortsOptions = {}): Promise<PortInfo[]> {
  try {
    const ports = known === undefined ? await allPorts() : [...known];
    return holders ? await withHolders(ports) : ports;
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

async function allPorts(): Promise<PortInfo[]> {
  return Deno.build.os === "linux" ? await listLinuxPorts() : newestLast(await readBindingPorts());
}

/** The ports with who has each open now; `proc` is another folder in tests. */
export async function withHolders(ports: readonly PortInfo[], proc = "/proc"): Promise<PortInfo[]> {
  const bare = ports.map(({ heldBy: _asItWas, ...port }) => port);
  if (Deno.build.os !== "linux") return bare;
  const nodes = await Promise.all(ports.map(({ path }) => Deno.realPath(path).catch(() => path)));
  const { portHolders } = await import("./port_holders.ts"); // few programs ask for it
  const { holders } = await portHolders(nodes, proc, Deno.pid);
  return bare.map((port, index) => {
    const heldBy = holders.get(nodes[index]);
    return heldBy === undefined ? port : { ...port, heldBy };
  });
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
