import type { LineSettings } from "./serial_settings.ts";

/** What is used of the native code of the npm package `@serialport/bindings-cpp`, version 13, on Linux and macOS. */
export interface Native {
  /** Opens and sets a line, and returns its descriptor. Fails with an error that has only a text. */
  asyncOpen(path: string, options: NativeOptions): Promise<number>;
  /** Changes the rate, and throws away what waits in both directions. */
  asyncUpdate(fd: number, options: { baudRate: number }): Promise<void>;
  /** The rate that the driver has made. */
  asyncGetBaudRate(fd: number): Promise<{ baudRate: number }>;
}

/** The settings that the native code looks at. */
export type NativeOptions = Omit<LineSettings, "dtr" | "rts"> & { vmin: number; vtime: number };

/**
 * Loads the native code: only when a line is opened, since it takes some 40 ms. Of the package only the calls are
 * used that open and set a line: its poller ends a Deno process.
 */
export async function loadNative(): Promise<Native> {
  return await import("@serialport/bindings-cpp/dist/load-bindings.js") as unknown as Native;
}

/**
 * The settings in the words of the native code. A read returns what there is, and waits for nothing. It locks nothing:
 * `openLine` does.
 */
export function nativeOptions({ dtr: _dtr, rts: _rts, ...settings }: Readonly<LineSettings>): NativeOptions {
  return { ...settings, lock: false, vmin: 1, vtime: 0 };
}
