/**
 * The greeting of the native wire: HELLO from the client, WELCOME from the server, each one msgpack map.
 *
 * ```text
 * HELLO   { v: [lowest, highest minor version], role, caps, limits: { maxFrameBytes }, sid?, epoch?, rx? }
 * WELCOME { v: chosen minor version, resumed, rx, caps, limits: { maxFrameBytes }, hbMs, sid?, epoch? }
 * ```
 *
 * Where both sides have the capability "resume" in `caps`, the server names the session; a client that comes back
 * repeats the name and tells in `rx` which numbered frame was the last to arrive, and so does the server.
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

/** The capability of both sides that lets a session go on when its link is lost. */
const RESUME = "resume";

/** The longest name of a session or of a run that is remembered. */
const MAX_NAME_CHARS = 64;

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

/** A session as both sides remember it. */
export interface SessionName {
  /** Given by the server, in a hexadecimal text. */
  readonly sid: string;
  /** The run of the server that gave it: another run has other sessions. */
  readonly epoch: string;
}

/** What a client says of itself besides its limits. */
export interface HelloParts {
  /** True when it wants to come back after the link is lost. */
  readonly resumable: boolean;
  /** The session that it comes back to, and the last frame that has arrived of it. */
  readonly session?: SessionName;
  readonly rx?: number;
}

/** The map that HELLO carries. */
export function sayHello(limits: Readonly<Limits>, parts: HelloParts): Record<string, unknown> {
  const { lowest, highest } = MINOR_VERSIONS;
  const { resumable, session, rx } = parts;
  return {
    v: [lowest, highest],
    role: "client",
    caps: resumable ? [RESUME] : [],
    limits: { maxFrameBytes: limits.maxFrameBytes },
    ...(session !== undefined && { sid: session.sid, epoch: session.epoch, rx }),
  };
}

/** What a server says besides its limits. */
export interface WelcomeParts {
  readonly resumed: boolean;
  /** The last frame that has arrived of the session, when it goes on. */
  readonly rx: number;
  /** Absent when the session ends with its link. */
  readonly session?: SessionName;
}

/** The map that WELCOME carries. */
export function sayWelcome(limits: Readonly<Limits>, parts: WelcomeParts): Record<string, unknown> {
  const { resumed, rx, session } = parts;
  return {
    v: MINOR_VERSIONS.highest,
    resumed,
    rx,
    caps: session === undefined ? [] : [RESUME],
    limits: { maxFrameBytes: limits.maxFrameBytes },
    hbMs: limits.heartbeatMs,
    ...session,
  };
}

/** What a server reads in HELLO. */
export interface Hello {
  readonly maxFrameBytes: number;
  readonly resumable: boolean;
  readonly session?: SessionName;
  readonly rx: number;
}

/**
 * Reads HELLO. `refuse` says goodbye to a client whose versions are not ours.
 *
 * @throws {ProtocolError} fatal, code `handshake` or `version`.
 */
export function readHello(value: unknown, refuse: (code: string, message: string) => void): Hello {
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
  const session = sessionName(hello);
  return {
    maxFrameBytes: theirFrameLimit(hello),
    resumable: canResume(hello),
    session,
    rx: session === undefined ? 0 : frameNumber(hello, "HELLO"),
  };
}

/** What a client reads in WELCOME. */
export interface Welcome {
  readonly maxFrameBytes: number;
  readonly resumed: boolean;
  readonly session?: SessionName;
  readonly rx: number;
}

/** Reads WELCOME. @throws {ProtocolError} fatal, code `handshake` or `version`. */
export function readWelcome(value: unknown): Welcome {
  const welcome = asMap(value, "WELCOME");
  const version = welcome.v;
  if (typeof version !== "number" || version < MINOR_VERSIONS.lowest || version > MINOR_VERSIONS.highest) {
    throw new ProtocolError(
      "version",
      `Server chose minor version ${String(version)}, which was not offered`,
    );
  }
  const resumed = welcome.resumed === true;
  return {
    maxFrameBytes: theirFrameLimit(welcome),
    resumed,
    session: canResume(welcome) ? sessionName(welcome) : undefined,
    rx: resumed ? frameNumber(welcome, "WELCOME") : 0,
  };
}

function canResume({ caps }: Record<string, unknown>): boolean {
  return Array.isArray(caps) && caps.includes(RESUME);
}

function sessionName({ sid, epoch }: Record<string, unknown>): SessionName | undefined {
  return isName(sid) && isName(epoch) ? { sid, epoch } : undefined;
}

function isName(value: unknown): value is string {
  return typeof value === "string" && value !== "" && value.length <= MAX_NAME_CHARS;
}

function frameNumber({ rx }: Record<string, unknown>, frame: string): number {
  if (typeof rx === "number" && Number.isInteger(rx) && rx >= 0 && rx <= 0xffff_ffff) return rx;
  throw new ProtocolError("handshake", `${frame} does not tell in "rx" which frame was the last to arrive`);
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
