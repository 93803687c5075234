import type { Budget, Entry, Row, Work } from "../row.ts";
import { FAR_LINE, pyserial, serialport } from "./peers.ts";

const RAW = "raw, blocking";
/** Opened so many times: the first is left out, and of the others it is the median. */
const LATER = 21;

/** What goes over a serial line: bytes there and back, into the program, or out of it. */
export function serialLine(line: "echo" | "read" | "write"): Row {
  const isEcho = line === "echo";
  const work: Partial<Work> = { line, messageBytes: isEcho ? 64 : 64 * 1024 };
  return {
    name: `serial-${line}`,
    title: TITLES[line],
    unit: isEcho ? "µs" : "MB/s",
    limit: RAW,
    // As for the round trip on a network: the cores sleep or do not.
    turnsPerRound: isEcho ? 3 : 1,
    entries: [
      { name: RAW, module: "raw_serial", far: FAR_LINE, work },
      { name: "parley raw", module: "parley_serial", far: FAR_LINE, work },
      serialport(work),
      pyserial(work),
    ],
    budgets: [than("parley raw", "serialport in Node", isEcho ? { atMost: 1 } : { atLeast: 1 })],
    notes: [
      FAR_END,
      '"raw, blocking" waits inside the system with the thread of its program, which can do nothing else meanwhile.',
    ],
  };
}

/** From loading the library to an open port, and opening the same one again. */
export const serialOpen: Row = {
  name: "serial-open",
  title: "Serial port, from loading the library to an open port; opening it again",
  unit: "µs",
  limit: "serialport in Node, first",
  entries: [
    opened("parley, first", 1),
    opened("parley, later", LATER),
    named("first", serialport({ line: "open" })),
    named("later", serialport({ line: "open", connections: LATER })),
    named("first", pyserial({ line: "open" })),
    named("later", pyserial({ line: "open", connections: LATER })),
  ],
  budgets: [],
  notes: ["A virtual port; one of hardware takes what its driver takes in addition."],
};

/** What open ports on which nothing comes cost. */
export const serialIdle: Row = {
  name: "serial-idle",
  title: "Serial ports open and silent, time of the processors",
  unit: "ms/s",
  limit: "parley, 1 port",
  entries: [
    idle("parley, 1 port", 1),
    idle("parley, 64 ports", 64),
    named("1 port", serialport(idleWork(1))),
    named("64 ports", serialport(idleWork(64))),
  ],
  budgets: [],
  notes: [
    "10 ms/s are one tick a second, or 1% of a core.",
    "Parley looks twice a second whether the device of each port is still there.",
  ],
};

const FAR_END =
  "Every contestant is one end of a virtual line, which knows no baud rate; the other end is one " +
  "program for all, which waits inside the system and does nothing else.";
const TITLES = Object.freeze({
  echo: "Serial line, round trip of 64 B (p50, p99)",
  read: "Serial line, reading",
  write: "Serial line, writing blocks of 64 KiB",
});

function than(of: string, against: string, bound: Pick<Budget, "atLeast" | "atMost">): Budget {
  return { text: `better than ${against}`, of, against, ...bound };
}

function named(what: string, entry: Entry): Entry {
  return { ...entry, name: `${entry.name}, ${what}` };
}

function opened(name: string, connections: number): Entry {
  return { name, module: "parley_serial_open", far: FAR_LINE, work: { line: "open", connections } };
}

function idle(name: string, connections: number): Entry {
  return { name, module: "parley_serial_idle", far: FAR_LINE, work: idleWork(connections) };
}

/** A longer look than at what is busy: little happens. */
function idleWork(connections: number): Partial<Work> {
  return { line: "idle", connections, warmUpMs: 1000, measureMs: 3000 };
}
