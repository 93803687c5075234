import { UsageTypeError } from "../../errors.ts";
import { suggestion } from "../../suggestion.ts";
import type { Address } from "../address.ts";
import type { WantedPort } from "./port_match.ts";
import { DEFAULT_SETTINGS, type SerialSettings, SETTING_NAMES } from "./serial_settings.ts";

/**
 * Which port an address means: `/dev/ttyUSB0`, `ttyUSB0`, `COM3`, `id:KORAD`, `usb:0403:6001` with `:serialnumber` or
 * without, `auto`.
 *
 * @throws {UsageTypeError} code `usage`.
 */
export function wantedPort({ path, href }: Address): WantedPort {
  if (path.toLowerCase() === "auto") return "auto";
  const [, kind, rest] = /^(id|usb):(.*)$/is.exec(path) ?? [];
  if (kind?.toLowerCase() === "id") {
    if (rest.trim() === "") {
      throw bad(href, `a part of the device's name is missing, as in "serial:id:KORAD"`);
    }
    return { id: rest };
  }
  if (kind?.toLowerCase() === "usb") {
    const match = /^([0-9a-f]{1,4}):([0-9a-f]{1,4})(?::(.+))?$/i.exec(rest);
    if (match === null) {
      throw bad(href, `USB ids are vendor:product in hexadecimal, as in "serial:usb:0403:6001"`);
    }
    const [vendorId, productId] = [match[1], match[2]].map((hex) => hex.toLowerCase().padStart(4, "0"));
    return { usb: { vendorId, productId, ...(match[3] !== undefined && { serialNumber: match[3] }) } };
  }
  if (/[\\/]/.test(path) || Deno.build.os === "windows") return { path };
  if (!/^[\w.-]+$/.test(path)) {
    throw bad(
      href,
      `"${path}" is no port; write "serial:/dev/ttyUSB0", "serial:id:KORAD" or "serial:usb:0403:6001"`,
    );
  }
  return { path: /^com\d+$/i.test(path) ? path : `/dev/${path}` };
}

/**
 * The settings behind the `?` of an address.
 *
 * @throws {UsageTypeError} code `usage`: an unknown name; values are checked by `resolveSettings`.
 */
export function addressSettings({ query = {}, href }: Address): SerialSettings {
  const settings: Record<string, unknown> = {};
  for (const [written, text] of Object.entries(query)) {
    const name = written === "baud" ? "baudRate" : written;
    if (!SETTING_NAMES.includes(name)) {
      const near = suggestion(written, ["baud", ...SETTING_NAMES]);
      throw bad(
        href,
        `unknown setting "${written}"${near || `; there are baud, ${SETTING_NAMES.join(", ")}`}`,
      );
    }
    if (Object.hasOwn(settings, name)) throw bad(href, "baud and baudRate are the same; write one of them");
    settings[name] = valueOf(name, text);
  }
  return settings;
}

function valueOf(name: string, text: string): unknown {
  if (name === "parity") return text.toLowerCase();
  if (typeof DEFAULT_SETTINGS[name as keyof typeof DEFAULT_SETTINGS] === "number") {
    return /^\d+(\.\d+)?$/.test(text) ? Number(text) : text;
  }
  if (/^(true|on|1|)$/i.test(text)) return true;
  return /^(false|off|0)$/i.test(text) ? false : text;
}

function bad(href: string, why: string): UsageTypeError {
  return new UsageTypeError(`Cannot use "${href}" as an address: ${why}`);
}
