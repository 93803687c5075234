/**
 * The names of serial ports, as addresses have them.
 *
 * @module
 */
import { describePort, type PortInfo } from "../../../mod.ts";
import type { Candidate } from "../terminal/completion.ts";

/**
 * The ports that could be meant by `part`, which stands behind `serial:` or is the port alone: by path, by the name that
 * stays the same, by the text of the device, by USB ids, and `auto`. Devices are found whatever the case, and what was
 * typed stays as it is.
 */
export function portNames(ports: readonly PortInfo[], part: string): Candidate[] {
  const begun = part.toLowerCase();
  return names(ports, part).filter(({ text }) => text.toLowerCase().startsWith(begun))
    .map(({ text, about }) => ({ text: part + text.slice(part.length), about }));
}

/** Everything that names a port; the texts of devices only once `id:` or `usb:` is begun, or they would be too many. */
function names(ports: readonly PortInfo[], part: string): Candidate[] {
  const newestFirst = ports.toReversed();
  const each = (name: (port: PortInfo) => readonly string[]) =>
    unique(
      (/^(?:id|usb):/i.test(part) ? ports : newestFirst).flatMap((port) =>
        name(port).map((text) => ({ text, about: device(port) }))
      ),
    );
  if (/^id:/i.test(part)) return each((port) => idNames(port).map((name) => `id:${name}`));
  if (/^usb:/i.test(part)) return each(usbNames);
  return unique([
    ...each(({ path }) => [path]),
    ...(/^[^/]/.test(part) ? each(({ path }) => [path.replace(/^\/dev\//, "")]) : []),
    ...(/^\/dev\/s/.test(part) ? each(({ id }) => id === undefined ? [] : [id]) : []),
    { text: "auto", about: "the only port, or whichever is chosen" },
    ...(ports.some(({ vendorId }) => vendorId !== undefined) ? kinds : []),
  ]);
}

const kinds: readonly Candidate[] = [
  { text: "id:", about: "a device by its name, maker or serial number" },
  { text: "usb:", about: "a device by its USB ids" },
];

/** What is plugged in, without the path, which the candidate is. */
function device(port: PortInfo): string {
  return describePort(port).replace(port.path, "").trim();
}

/** Serial number, maker and product: whatever stands alone for the device. */
function idNames({ serialNumber, manufacturer, product, id, vendorId }: PortInfo): string[] {
  if (vendorId === undefined) return [];
  const texts = [product, manufacturer, serialNumber, id?.replace(/^.*\/by-id\//, "")];
  // What would begin the settings is no good name, and what has to be escaped nobody wants to type.
  return texts.filter((text) => text !== undefined).filter((text) => !/["'`\\?]/.test(text));
}

function usbNames({ vendorId, productId, serialNumber }: PortInfo): string[] {
  if (vendorId === undefined || productId === undefined) return [];
  const ids = `usb:${vendorId}:${productId}`;
  return serialNumber === undefined || /["'`\\?]/.test(serialNumber)
    ? [ids]
    : [ids, `${ids}:${serialNumber}`];
}

function unique(candidates: readonly Candidate[]): Candidate[] {
  return [...new Map(candidates.toReversed().map((each) => [each.text, each])).values()].toReversed();
}
