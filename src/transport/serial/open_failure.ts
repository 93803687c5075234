/**
 * Why a serial port could not be opened, and what to do about it.
 *
 * @module
 */
import { BrokenError } from "../../errors.ts";
import { listPorts } from "./list_ports.ts";
import { whyNoAccess } from "./port_access.ts";
import { portHolders } from "./port_holders.ts";
import { type PortInfo, printable } from "./port_info.ts";
import { nearestAndAll } from "./port_match.ts";

/** Where {@linkcode openFailure} looks. Everything has a default; tests give trees of their own. */
export interface OpenFailureOptions {
  /** Lists the ports, for the names that were meant. Default: `listPorts`. */
  readonly ports?: () => readonly PortInfo[] | Promise<readonly PortInfo[]>;
  /** The processes. Default `"/proc"`. */
  readonly proc?: string;
  /** The names of users and groups. Default `"/etc"`. */
  readonly etc?: string;
}

/**
 * The failure of opening the port at `path`, as the native binding or Deno threw it, as an error that says what to do.
 * It looks at the node, at the groups and at who has the port open, as far as this program may, and never rejects.
 *
 * | code | when | what the message says |
 * | --- | --- | --- |
 * | `no_such_path` | nothing is there | the nearest name, and what there is |
 * | `permission` | it may not be opened | which group is missing, or a udev rule, or Deno's flags |
 * | `busy` | it is open elsewhere | in which program |
 * | `not_serial` | it is something else | what it is |
 * | `unsupported` | the driver refuses the rate | which rate |
 * | `too_many_files` | no file descriptors are left | that |
 * | `io` | anything else | what the system said |
 */
export async function openFailure(
  path: string,
  thrown: unknown,
  options: OpenFailureOptions = {},
): Promise<BrokenError> {
  // Like `broken`, this never looks at the stack: when no descriptors are left that would end the process.
  const { name, message } = thrown as { name?: string; message?: string };
  const said = printable(String(message ?? thrown).split("\n")[0].replace(/^Error:? /, "")) ??
    "no reason given";
  const [code, why] = await explain(path, said, name === "NotCapable", options);
  return new BrokenError(code, `Cannot open serial port ${printable(path)}: ${why}`);
}

type Explained = readonly [code: string, why: string];

async function explain(
  path: string,
  said: string,
  isDenied: boolean,
  options: OpenFailureOptions,
): Promise<Explained> {
  const { proc = "/proc", etc = "/etc" } = options;
  if (isDenied) {
    return [
      "permission",
      `Deno keeps this program from it (${said}); start it with -A, or with --allow-ffi --allow-env --allow-read`,
    ];
  }
  if (/too many open files/i.test(said)) {
    return ["too_many_files", "this process or this machine has no file descriptors left"];
  }
  const other = await otherKind(path);
  if (other !== undefined) return ["not_serial", `it is ${other} and no serial port`];
  if (/inappropriate ioctl/i.test(said)) {
    return ["not_serial", "it is a character device but no serial port"];
  }
  if (/no such (file|device)|file not found/i.test(said)) {
    return ["no_such_path", await notThere(path, options)];
  }
  if (/permission denied|operation not permitted/i.test(said)) {
    const node = await Deno.realPath(path).catch(() => path);
    const port = (await listOf(options))?.find((known) => known.path === node);
    return ["permission", await whyNoAccess(node, port, { proc, etc })];
  }
  // Windows says "Access denied" of a port that another program has open.
  if (/temporarily unavailable|resource busy|access denied/i.test(said)) {
    return ["busy", await whoHasIt(path, proc)];
  }
  if (/invalid argument.*baud rate|baud rate .*not supported/i.test(said)) {
    return ["unsupported", `its driver cannot do this "baudRate" (${said}); choose another`];
  }
  if (/input\/output error/i.test(said)) {
    return ["io", `${said}; no hardware answers behind it, or it was unplugged just now`];
  }
  return ["io", said];
}

/** What is at the path when it is no character device. */
async function otherKind(path: string): Promise<string | undefined> {
  const stat = await Deno.stat(path).catch(() => undefined);
  if (stat?.isFile) return "a file";
  if (stat?.isDirectory) return "a directory";
  if (stat?.isSocket) return "a socket";
  if (stat?.isFifo) return "a named pipe";
  if (stat?.isBlockDevice) return "a block device";
  return undefined;
}

async function notThere(path: string, options: OpenFailureOptions): Promise<string> {
  const ports = await listOf(options);
  if (ports === undefined) return "no such port";
  return `no such port${nearestAndAll(path, ports)}`;
}

async function listOf({ ports = listPorts }: OpenFailureOptions): Promise<readonly PortInfo[] | undefined> {
  try {
    return await ports();
  } catch {
    return undefined;
  }
}

async function whoHasIt(path: string, proc: string): Promise<string> {
  if (Deno.build.os === "windows") return "it is in use by another program; close it there";
  const node = await Deno.realPath(path).catch(() => path);
  const { holders: found, isComplete } = await portHolders([node], proc, Deno.pid);
  const holders = found.get(node) ?? [];
  if (holders.some(({ pid }) => pid === Deno.pid)) {
    return "it is already open in this process; close that link first, or use it";
  }
  if (holders.length > 0) {
    const names = holders.map(({ pid, program }) => `${program} (pid ${pid})`);
    return `it is in use by ${names.join(", ")}; close it there`;
  }
  if (isComplete) {
    return "it was in use by a program that has closed it meanwhile, or runs in a container; try again";
  }
  const command = Deno.build.os === "darwin" ? "sudo lsof" : "sudo fuser";
  return `it is in use by another program (root can see which: ${command} ${node})`;
}
