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
  /** For reading and writing, without waiting, not as the terminal of this process, and not for its children. */
  readonly OPEN_FLAGS: number;
  readonly TERMIOS_GET: bigint;
  readonly TERMIOS_SET: bigint;
  /** Where `c_cflag` is in `struct termios`, in bytes: its lower 32 bits. */
  readonly CFLAG_AT: number;
  /** In `c_cflag`: drop DTR when the line is closed. */
  readonly HUPCL: number;
  /** In `c_cflag`: the parity bit is always the same; 0 where there is no such thing. */
  readonly CMSPAR: number;
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
  OPEN_FLAGS: 2 | 0o400 | 0o4000 | 0o2000000,
  TERMIOS_GET: 0x802c542an,
  TERMIOS_SET: 0x402c542bn,
  CFLAG_AT: 8,
  HUPCL: 0x400,
  CMSPAR: 0x4000_0000,
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
  OPEN_FLAGS: 2 | 0x20000 | 4 | 0x100_0000,
  TERMIOS_GET: 0x40487413n,
  TERMIOS_SET: 0x80487414n,
  CFLAG_AT: 16,
  HUPCL: 0x4000,
  CMSPAR: 0,
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
