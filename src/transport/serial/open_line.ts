import { BrokenError } from "../../errors.ts";
import { Libc } from "./libc.ts";
import { loadNative, nativeOptions } from "./native.ts";
import { openFailure } from "./open_failure.ts";
import type { PortInfo } from "./port_info.ts";
import type { Pacing } from "./pacing.ts";
import { Poller } from "./poller.ts";
import { checkRate } from "./line_rate.ts";
import { PosixLine } from "./posix_line.ts";
import type { SerialLine } from "./serial_line.ts";
import type { LineSettings } from "./serial_settings.ts";

/** What all lines of this process share: the C library, and the one wait for all of them. */
export class SerialSystem {
  #libc: Libc | undefined;
  #users = 0;
  readonly poller: Poller = new Poller();

  /**
   * The C library, loaded for the first who takes it. Everybody gives it back with `release`: what stayed loaded would
   * count as a leak in everybody's tests.
   *
   * @throws {Deno.errors.NotCapable} without `--allow-ffi`.
   */
  take(): Libc {
    this.#libc ??= new Libc();
    this.#users++;
    return this.#libc;
  }

  /** Somebody needs it no more; the last one unloads it. */
  release(): void {
    if (--this.#users > 0) return;
    this.#libc?.unload();
    this.#libc = undefined;
  }
}

/** The one of this process. */
export const SYSTEM: SerialSystem = new SerialSystem();

/**
 * Opens and sets a line.
 *
 * @throws {BrokenError} `no_such_path`, `permission`, `busy`, `not_serial`, `unsupported`, `unplugged`, `io`.
 */
export async function openLine(
  path: string,
  settings: Readonly<LineSettings>,
  { pacing, ports }: { pacing?: Pacing; ports?: () => Promise<PortInfo[]> } = {},
): Promise<SerialLine> {
  let line: SerialLine | undefined;
  try {
    line = Deno.build.os === "windows"
      ? await (await import("./windows_line.ts")).WindowsLine.open(path, settings, pacing)
      : await openPosix(path, settings, pacing);
    const { dtr, rts } = settings;
    if (dtr !== undefined || rts !== undefined) await line.setSignals({ dtr, rts });
    return line;
  } catch (error) {
    line?.close();
    if (error instanceof BrokenError) throw error;
    throw await openFailure(path, error, { ports });
  }
}

async function openPosix(
  path: string,
  settings: Readonly<LineSettings>,
  pacing: Pacing | undefined,
): Promise<PosixLine> {
  const { poller } = SYSTEM;
  const libc = SYSTEM.take();
  let [fd, before] = [-1, -1];
  try {
    const native = await loadNative();
    // The native code sets a line first and locks it then, which would disturb whoever has it. This descriptor is open
    // for as long as the other opens: otherwise DTR would drop in between.
    before = libc.open(path); // where that fails, the native code says why
    if (settings.lock && before >= 0) await lockSoon(libc, before);
    fd = await native.asyncOpen(path, nativeOptions(settings));
    if (settings.lock) {
      if (before >= 0) libc.lock(before, false);
      lock(libc, fd);
    }
    // It never clears these: the system sets the first one by itself, the second one may be of an earlier program.
    const { HUPCL, CMSPAR } = libc.numbers;
    libc.clearControlFlags(fd, settings.hupcl ? CMSPAR : HUPCL | CMSPAR);
    const { baudRate } = await native.asyncGetBaudRate(fd);
    checkRate(path, settings.baudRate, baudRate);
    const system = { libc, poller, native, release: () => SYSTEM.release() };
    const line = new PosixLine(fd, path, settings, system, pacing);
    if (before >= 0) libc.close(before);
    return line;
  } catch (error) {
    if (fd >= 0) libc.close(fd);
    if (before >= 0) libc.close(before);
    SYSTEM.release();
    throw error;
  }
}

/**
 * Locks the line, and tries again for a moment: a program that is being started holds what is open here until it runs,
 * though it was closed here meanwhile.
 *
 * @throws {Error} as {@linkcode lock}.
 */
async function lockSoon(libc: Libc, fd: number): Promise<void> {
  for (let attempt = 1;; attempt++) {
    try {
      return lock(libc, fd);
    } catch (error) {
      if (attempt === LOCK_ATTEMPTS) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, LOCK_PAUSE_MS));
  }
}

const LOCK_ATTEMPTS = 5;
const LOCK_PAUSE_MS = 20;

/** @throws {Error} another program has the line, in the words of the native code. */
function lock(libc: Libc, fd: number): void {
  const result = libc.lock(fd, true);
  if (result < 0) throw new Error(`${libc.describe(-result)}, cannot lock port`);
}

/** True when there is a device of that name. Needs no permission for `/dev`. */
export function deviceExists(path: string): boolean {
  const libc = SYSTEM.take();
  try {
    return libc.exists(path);
  } finally {
    SYSTEM.release();
  }
}
