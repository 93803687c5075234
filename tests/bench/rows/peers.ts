/**
 * The contestants that are not part of this repository, and what they need.
 *
 * @module
 */
import { NATS_FLAGS } from "../contestants/nats.ts";
import { whyNoNatsServer } from "../contestants/nats_server.ts";
import { whyNoPyserial } from "../contestants/pyserial.ts";
import { whyNoPython } from "../contestants/python.ts";
import { installSerialport } from "../contestants/serialport.ts";
import { WS_FLAGS } from "../contestants/ws.ts";
import { installZeromq } from "../contestants/zeromq.ts";
import type { Entry } from "../row.ts";

/** `ws` on both sides. */
export function ws(module: string, work: Entry["work"] = {}): Entry {
  return { name: "ws under Deno", module, work, flags: WS_FLAGS };
}

/** NATS: its broker, with a client under Deno on both sides. */
export function nats(module: string, work: Entry["work"] = {}): Entry {
  return { name: "NATS", module, work, flags: NATS_FLAGS, prepare: whyNoNatsServer };
}

/** zeromq in Node on both sides. */
export function zeromq(module: string, work: Entry["work"] = {}): Entry {
  return { name: "zeromq in Node", module, work, runtime: "node", prepare: installZeromq };
}

/** The module with the other end of a serial line. */
export const FAR_LINE = "far_line";

/** npm's serialport in Node, on a line whose other end is that of everybody. */
export function serialport(work: Entry["work"]): Entry {
  const prepare = installSerialport;
  return {
    name: "serialport in Node",
    module: "serialport",
    far: FAR_LINE,
    work,
    runtime: "node",
    prepare,
  };
}

/** python3-serial, on the same line. */
export function pyserial(work: Entry["work"]): Entry {
  const prepare = whyNoPyserial;
  return { name: "python3-serial", module: "pyserial", far: FAR_LINE, work, runtime: "python", prepare };
}

/** A script in Python, as people write it themselves. @param far The module of the side that it connects to. */
export function python(name: string, module: string, far: string, work: Entry["work"] = {}): Entry {
  return { name, module, far, work, runtime: "python", prepare: whyNoPython };
}
