import { UsageTypeError } from "../errors.ts";
import { suggestion } from "../suggestion.ts";

/**
 * Where a link goes, taken apart.
 *
 * | written | means |
 * | --- | --- |
 * | `tcp://127.0.0.1:16900`, `tcp://[::1]:16900`, `tcp://host.name:16900` | host and port |
 * | `tcp://:16900` | this machine only (127.0.0.1) |
 * | `unix:///run/x.sock`, `unix://x.sock` | a socket file, absolute or relative to the working directory |
 * | `memory://name` | inside this process |
 * | `serial:/dev/ttyUSB0`, `serial:COM3`, `serial:ttyUSB0?baud=9600` | a serial port, with settings behind `?` |
 * | `serial:id:KORAD`, `serial:usb:0403:6001`, `serial:auto` | a serial port by what is plugged into it |
 */
export interface Address {
  /** What stands before `://`, in lower case. */
  readonly scheme: string;
  /** Host and port of schemes that have them. */
  readonly host: string;
  /** The port; 0 for schemes without ports. */
  readonly port: number;
  /** The path or the name of schemes that have one. */
  readonly path: string;
  /** What stands behind `?`, by name, on schemes that take settings. */
  readonly query?: Readonly<Record<string, string>>;
  /** The address in its normal form. */
  readonly href: string;
}

/** What can follow `scheme://`. */
export type AddressShape = "host-port" | "path" | "name" | "device";

/**
 * Takes an address of one of these `kinds` apart; `usualPort` is the port where it names none. Addresses are no WHATWG URLs (`tcp://:16900` is not), so this is
 * done here, and a bad one is told what is wrong with it.
 *
 * @throws {UsageTypeError} code `usage`.
 */
export function parseAddressOf(
  kinds: Readonly<Record<string, { readonly shape: AddressShape }>>,
  text: string,
  usualPort?: number,
): Address {
  const schemes = Object.keys(kinds).join(", ");
  if (typeof text !== "string") {
    throw new UsageTypeError(
      `Cannot use ${String(text)} (${typeof text}) as an address: text such as "${EXAMPLE}" is wanted`,
    );
  }
  const trimmed = text.trim();
  const match = /^([A-Za-z][A-Za-z0-9+.-]*):(\/\/)?(.*)$/s.exec(trimmed);
  const scheme = match?.[1].toLowerCase() ?? "";
  if (match === null || (match[2] === undefined && !Object.hasOwn(kinds, scheme))) {
    const near = match === null || /^\d+$/.test(match[3]) ? "" : suggestion(scheme, Object.keys(kinds));
    if (near !== "") throw bad(text, `the scheme "${scheme}" is unknown${near}`);
    throw bad(text, `it has no scheme; ${guess(trimmed, schemes)}`);
  }
  const rest = match[3];
  if (Object.hasOwn(kinds, scheme) && kinds[scheme].shape === "device") {
    return device(text, scheme, rest, match[2] !== undefined);
  }
  if (match[2] === undefined) {
    throw bad(
      text,
      `"//" is missing after "${scheme}:"; write "${scheme}://${withoutSlashes(rest, kinds[scheme].shape)}"`,
    );
  }
  if (!Object.hasOwn(kinds, scheme)) {
    throw bad(text, `the scheme "${scheme}" is unknown; the schemes are ${schemes}`);
  }
  switch (kinds[scheme].shape as Exclude<AddressShape, "device">) {
    case "host-port":
      return hostAndPort(text, scheme, rest, usualPort);
    case "path":
      if (rest === "") throw bad(text, `the path is missing; write for example "unix:///tmp/parley.sock"`);
      if (rest.includes("\0")) throw bad(text, "the path has a zero character");
      return { scheme, host: "", port: 0, path: rest, href: `${scheme}://${rest}` };
    case "name":
      if (!/^[\w.-]+$/.test(rest)) throw bad(text, `the name has to be of letters, digits, ".", "_" and "-"`);
      return { scheme, host: "", port: 0, path: rest, href: `${scheme}://${rest}` };
  }
}

/** An address with another port: what a listener on port 0 is reached at. */
export function withPort(address: Address, host: string, port: number): string {
  return `${address.scheme}://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

const EXAMPLE = "tcp://127.0.0.1:16900";
const LOOPBACK = "127.0.0.1";

function hostAndPort(text: string, scheme: string, rest: string, usualPort?: number): Address {
  const authority = rest.endsWith("/") ? rest.slice(0, -1) : rest;
  const match = /^(?:\[([^\]]*)\]|([^:\[\]/?#@]*))(?::([^:]*))?$/.exec(authority);
  if (match === null) {
    const colons = authority.split(":").length - 1;
    throw bad(
      text,
      colons > 1 && !authority.includes("[")
        ? `an IPv6 host goes in brackets, as in "${scheme}://[::1]:16900"`
        : `"${authority}" is not host:port; write for example "${EXAMPLE}"`,
    );
  }
  const [, v6, name, port = usualPort?.toString()] = match;
  const host = v6 ?? (name === "" ? LOOPBACK : name);
  if (/\s/.test(host)) throw bad(text, `the host "${host}" has a space in it`);
  if (v6 !== undefined && !v6.includes(":")) throw bad(text, `"[${v6}]" is not an IPv6 address`);
  if (port === undefined || port === "") {
    throw bad(
      text,
      `the port is missing; write "${scheme}://${authority.replace(/:$/, "")}:16900" with the port you want`,
    );
  }
  if (!/^\d+$/.test(port)) throw bad(text, `the port "${port}" is not a number`);
  if (Number(port) > 65_535) throw bad(text, `the port ${port} is above 65535`);
  const href = `${scheme}://${host.includes(":") ? `[${host}]` : host}:${Number(port)}`;
  return { scheme, host, port: Number(port), path: "", href };
}

/** A device needs no "//": `serial:/dev/ttyUSB0` and `serial:///dev/ttyUSB0` are the same. */
function device(text: string, scheme: string, rest: string, hasSlashes: boolean): Address {
  const at = rest.indexOf("?");
  const name = (at === -1 ? rest : rest.slice(0, at)).replace(/^dev\//, "/dev/");
  if (hasSlashes && /^[^./\\][^/]*\//.test(name)) {
    throw bad(
      text,
      `a path from the root has three slashes; write "${scheme}:///${name}" or "${scheme}:/${name}"`,
    );
  }
  if (name === "") throw bad(text, `the device is missing; write for example "${scheme}:/dev/ttyUSB0"`);
  if (name.includes("\0")) throw bad(text, "the device has a zero character");
  if (at === -1) return { scheme, host: "", port: 0, path: name, href: `${scheme}:${name}` };
  const written = [...new URLSearchParams(rest.slice(at + 1))];
  const query: Record<string, string> = Object.fromEntries(written);
  const twice = written.find(([name], index) => written.findIndex(([other]) => other === name) < index);
  if (twice !== undefined) throw bad(text, `"${twice[0]}" is there twice`);
  return { scheme, host: "", port: 0, path: name, query, href: `${scheme}:${name}${rest.slice(at)}` };
}

/** What follows a scheme without its "//": only in a path may a slash come first. */
function withoutSlashes(rest: string, shape: AddressShape): string {
  return shape === "path" ? rest : rest.replace(/^\/+/, "");
}

function guess(text: string, schemes: string): string {
  if (/^(\[[^\]]+\]|[\w.-]*):\d+$/.test(text)) return `write "tcp://${text}"`;
  if (/^(\/dev\/|(COM\d+|tty[A-Z]\w*|cu\.[\w.-]+|usb:[\w:]+|id:[\w.-]+|auto)$)/.test(text)) {
    return `write "serial:${text}" for a serial port`;
  }
  if (/^\.{0,2}\//.test(text)) return `write "unix://${text}" for a socket file`;
  return `write for example "${EXAMPLE}" (the schemes are ${schemes})`;
}

function bad(text: string, why: string): UsageTypeError {
  return new UsageTypeError(`Cannot use "${text}" as an address: ${why}`);
}
