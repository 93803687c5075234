import type { Address } from "../address.ts";
import type { Transport, TransportKind } from "../transport.ts";
import { SerialDialer, type SerialOptions } from "./serial_dialer.ts";
import { SerialListener } from "./serial_listener.ts";
import { SETTING_NAMES } from "./serial_settings.ts";

/** Serial ports: whatever hangs on a cable, or a virtual one. */
export const serial: TransportKind = Object.freeze({
  about: "serial port",
  shape: "device",
  example: "serial:/dev/ttyUSB0?baud=115200",
  optionNames: Object.freeze([...SETTING_NAMES, "pacing", "ports", "identityMs"]),
  isNoisy: true,
  dialect: "lines",

  connect(address: Address, options: { signal?: AbortSignal }): Promise<Transport> {
    return new SerialDialer(address, {}).connect(options);
  },

  dialer(address: Address, options: object): SerialDialer {
    return new SerialDialer(address, options as SerialOptions);
  },

  async listen(address: Address, options: object = {}): Promise<SerialListener> {
    // Whoever listens is a device, and looks for none: its dialect answers.
    const dialer = new SerialDialer(address, { ...options as SerialOptions, identity: undefined });
    return new SerialListener(dialer, await dialer.connect({}));
  },
});
