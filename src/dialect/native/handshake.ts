/**
 * The greeting of the native wire: HELLO from the client, WELCOME from the server, each one msgpack map.
 *
 * ```text
 * HELLO   { v: [lowest, highest minor version], role, caps: [], limits: { maxFrameBytes } }
 * WELCOME { v: chosen minor version, resumed, rx, caps: [], limits: { maxFrameBytes }, hbMs }
 * ```
 *
 * Fields that a side does not know are passed over, so that later minors may add some.
 *
 * @module
 */
import { ProtocolError } from "../../errors.ts";
import { type Limits, MAX_FRAME_BYTES_CEILING } from "../../limits.ts";
import type { ReceiveBuffer } from "../../receive_buffer.ts";
import type { Role } from "../dialect.ts";
import { MAGIC } from "./frame.ts";

/** The minor versions that we speak. */
const MINOR_VERSIONS = Object.freeze({ lowest: 1, highest: 1 });

/** What matters of the other side's greeting. */
export interface Greeting {
  maxFrameBytes: number;
}

/**
 * Takes the magic off the front of `buffer`; false when fewer than its bytes have come.
 *
 * @throws {ProtocolError} fatal, code `not_native` or `version`, at the first byte that differs.
 */
export function checkMagic(buffer: ReceiveBuffer, role: Role): boolean {
  const known = Math.min(buffer.length, MAGIC.length);
  for (let i = 0; i < known; i++) {
    const byte = buffer.byteAt(i);
    if (byte === MAGIC[i]) continue;
    if (i === MAGIC.length - 1) {
      throw new ProtocolError(
        "version",
        `Other side speaks version ${byte} of the native dialect, we speak ${MAGIC[i]}`,
      );
    }
    const seen = buffer.peek(Math.min(buffer.length, 16));
    const other = role === "client" ? "the server" : "the client";
    throw new ProtocolError(
      "not_native",
      `Bytes from ${other} are not the native dialect: wanted c1 50 4c 01, got ${hex(seen)} ("${
        printable(seen)
      }"); ` +
        `set the "dialect" option to what ${other} speaks`,
    );
  }
  if (known < MAGIC.length) return false;
  buffer.skip(MAGIC.length);
  return true;
}

/** The map that HELLO carries. */
export function sayHello(limits: Readonly<Limits>): Record<string, unknown> {
  const { lowest, highest } = MINOR_VERSIONS;
  return { v: [lowest, highest], role: "client", caps: [], limits: { maxFrameBytes: limits.maxFrameBytes } };
}

/** The map that WELCOME carries. */
export function sayWelcome(limits: Readonly<Limits>): Record<string, unknown> {
  return {
    v: MINOR_VERSIONS.highest,
    resumed: false,
    rx: 0,
    caps: [],
    limits: { maxFrameBytes: limits.maxFrameBytes },
    hbMs: limits.heartbeatMs,
  };
}

/**
 * Reads HELLO. `refuse` says goodbye to a client whose versions are not ours.
 *
 * @throws {ProtocolError} fatal, code `handshake` or `version`.
 */
export function readHello(value: unknown, refuse: (code: string, message: string) => void): Greeting {
  const hello = asMap(value, "HELLO");
  const range = hello.v;
  if (!Array.isArray(range) || range.length !== 2 || !range.every(Number.isInteger)) {
    throw new ProtocolError("handshake", 'HELLO has no version range [lowest, highest] in "v"');
  }
  const [lowest, highest] = range as [number, number];
  if (lowest > MINOR_VERSIONS.highest || highest < MINOR_VERSIONS.lowest) {
    const message = `Other side speaks minor versions ${lowest} to ${highest}, we speak ` +
      `${MINOR_VERSIONS.lowest} to ${MINOR_VERSIONS.highest}`;
    refuse("version", message);
    throw new ProtocolError("version", message);
  }
  return { maxFrameBytes: theirFrameLimit(hello) };
}

/** Reads WELCOME. @throws {ProtocolError} fatal, code `handshake`. */
export function readWelcome(value: unknown): Greeting {
  const welcome = asMap(value, "WELCOME");
  const version = welcome.v;
  if (typeof version !== "number" || version < MINOR_VERSIONS.lowest || version > MINOR_VERSIONS.highest) {
    throw new ProtocolError(
      "version",
      `Server chose minor version ${String(version)}, which was not offered`,
    );
  }
  return { maxFrameBytes: theirFrameLimit(welcome) };
}

function asMap(value: unknown, frame: string): Record<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw new ProtocolError("handshake", `${frame} does not carry a map`);
}

/** Their limit, or no limit of theirs: ours still holds, and what they set is never trusted to raise it. */
function theirFrameLimit(greeting: Record<string, unknown>): number {
  const limits = greeting.limits as { maxFrameBytes?: unknown } | null | undefined;
  const bytes = limits?.maxFrameBytes;
  return typeof bytes === "number" && Number.isInteger(bytes) && bytes >= 64
    ? bytes
    : MAX_FRAME_BYTES_CEILING;
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
}

/** The bytes as text, with a dot for each that is none: who sent `GET / HTTP` is known at a glance. */
function printable(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : ".").join("");
}
