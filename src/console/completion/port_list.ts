import { listPorts, type PortInfo } from "../../../mod.ts";
import { within } from "./within.ts";

/** How long the system may take to list the ports, in milliseconds: what it says later is known at the next Tab. */
const WAIT_MS = 80;

/** The serial ports as they are now, or as they were at the last Tab when the system is slow to tell. */
export class PortList {
  #ports: readonly PortInfo[] | undefined;
  #listing: Promise<readonly PortInfo[]> | undefined;

  /** Undefined when nothing is known yet. */
  async look(): Promise<readonly PortInfo[] | undefined> {
    this.#listing ??= this.#list();
    return await within(this.#listing, WAIT_MS) ?? this.#ports;
  }

  async #list(): Promise<readonly PortInfo[]> {
    try {
      return this.#ports = await listPorts();
    } finally {
      this.#listing = undefined;
    }
  }
}
