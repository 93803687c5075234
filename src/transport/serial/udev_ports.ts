/**
 * Serial ports as udev knows them, with the names of its hardware database.
 *
 * @module
 */
import { type ChildProcess, spawn } from "node:child_process";
import { joinBytes } from "../../join_bytes.ts";
import { bindingPort } from "./binding_ports.ts";
import { hardwareNames } from "./hardware_names.ts";
import type { PortInfo } from "./port_info.ts";

/** How long `udevadm` may take, in milliseconds: a tenth of a second is usual, and nobody waits long for a list. */
const UDEV_MS = 2000;

/** Bytes of `udevadm info -e` that are taken: some 100 KiB for a small machine, some MiB for a large one. */
const MAX_UDEV_BYTES = 32 * 1024 * 1024;

/**
 * What `udevadm` knows about serial ports: everything but `location`, `driver` and `since`, with the names from the
 * hardware database where the device does not say its own. Nothing when it is not installed, fails, says more than
 * 32 MiB, or takes over 2 s.
 */
export async function readUdevPorts(): Promise<PortInfo[]> {
  try {
    const { linuxList } = await import("@serialport/bindings-cpp/dist/linux-list.js");
    // The package's own `list` starts a process that nobody can end, and leaves the names of the database out.
    const child = spawn("udevadm", ["info", "-e"], { stdio: ["ignore", "pipe", "ignore"] });
    const output = outputOf(child);
    const [ports, text] = await Promise.all([linuxList((() => child) as unknown as typeof spawn), output]);
    const names = hardwareNames(text);
    return ports.map((port) => ({ ...names.get(port.path), ...bindingPort(port, "linux") }));
  } catch {
    return [];
  }
}

/** All that the process prints, once it has ended well; otherwise it is ended, and this rejects. */
function outputOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    const giveUp = (error: Error) => {
      clearTimeout(timer);
      child.kill("SIGKILL");
      child.stdout?.destroy(); // what it has started may still hold the other end
      reject(error);
    };
    const timer = setTimeout(() => giveUp(new Error(`udevadm took over ${UDEV_MS} ms`)), UDEV_MS);
    child.stdout?.on("data", (chunk: Uint8Array) => {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > MAX_UDEV_BYTES) giveUp(new Error(`udevadm said over ${MAX_UDEV_BYTES} bytes`));
    });
    child.on("error", giveUp);
    child.on("close", (code) => {
      clearTimeout(timer);
      if (code === 0) resolve(new TextDecoder().decode(joinBytes(chunks, bytes)));
      else reject(new Error(`udevadm ended with code ${code}`));
    });
  });
}
