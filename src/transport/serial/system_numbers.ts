/**
 * The numbers under which Linux and macOS know what Parley asks of a serial line.
 *
 * Linux: include/uapi/asm-generic/{errno,ioctls,termbits}.h, uapi/linux/eventpoll.h. macOS: sys/errno.h, sys/ttycom.h,
 * sys/event.h. Those of macOS have not been run.
 *
 * @module
 */

/** What differs from system to system. */
export interface SystemNumbers {
  /** The C library. */
  readonly library: string;
  /** The function that tells where `errno` is. */
  readonly errno: string;
  /** Nothing to read, or no room to write, right now. */
  readonly EAGAIN: number;
  readonly TIOCEXCL: bigint;
  readonly TIOCNXCL: bigint;
  readonly TIOCOUTQ: bigint;
  readonly TIOCMGET: bigint;
  readonly TIOCMBIS: bigint;
  readonly TIOCMBIC: bigint;
  readonly TIOCSBRK: bigint;
  readonly TIOCCBRK: bigint;
  /** `tcflush`: what came, what goes, both. */
  readonly TCIFLUSH: number;
  readonly TCOFLUSH: number;
  readonly TCIOFLUSH: number;
}

const LINUX: SystemNumbers = Object.freeze({
  library: "libc.so.6",
  errno: "__errno_location",
  EAGAIN: 11,
  TIOCEXCL: 0x540cn,
  TIOCNXCL: 0x540dn,
  TIOCOUTQ: 0x5411n,
  TIOCMGET: 0x5415n,
  TIOCMBIS: 0x5416n,
  TIOCMBIC: 0x5417n,
  TIOCSBRK: 0x5427n,
  TIOCCBRK: 0x5428n,
  TCIFLUSH: 0,
  TCOFLUSH: 1,
  TCIOFLUSH: 2,
});

const DARWIN: SystemNumbers = Object.freeze({
  library: "/usr/lib/libSystem.B.dylib",
  errno: "__error",
  EAGAIN: 35,
  TIOCEXCL: 0x2000740dn,
  TIOCNXCL: 0x2000740en,
  TIOCOUTQ: 0x40047473n,
  TIOCMGET: 0x4004746an,
  TIOCMBIS: 0x8004746cn,
  TIOCMBIC: 0x8004746bn,
  TIOCSBRK: 0x2000747bn,
  TIOCCBRK: 0x2000747an,
  TCIFLUSH: 1,
  TCOFLUSH: 2,
  TCIOFLUSH: 3,
});

/** The numbers of this system. */
export function systemNumbers(): SystemNumbers {
  return Deno.build.os === "darwin" ? DARWIN : LINUX;
}

/** The same on both systems. */
export const EINTR = 4;
export const EINVAL = 22;
export const ENOTTY = 25;

/** The bits of the modem lines, the same on both systems. */
export const MODEM = Object.freeze({ dtr: 0x002, rts: 0x004, cts: 0x020, dcd: 0x040, ri: 0x080, dsr: 0x100 });
