/**
 * Completion of the addresses of serial ports, inside of the strings that name one.
 *
 * @module
 */
import type { PortInfo } from "../../mod.ts";
import { CodeScanner } from "./evaluator/code_scanner.ts";
import type { Completion } from "./terminal/completion.ts";

/** The beginning of a string that is the first argument of a function that opens ports, or any link. */
const opening = /\b(serial|connect|createClient|listen|createServer)\(\s*(["'`])((?:(?!\2)[^\\\n])*)$/;

/**
 * The ports that could be meant by the string before `cursor`, or undefined where no port is wanted: by path, by the
 * name that stays the same, by the text of the device, by USB ids, and `auto`.
 *
 * @param list Lists the ports.
 */
export function addressCompletion(
  line: string,
  cursor: number,
  list: () => Promise<readonly PortInfo[]>,
): Promise<Completion> | undefined {
  const text = line.slice(0, cursor);
  const found = opening.exec(text);
  if (found === null || !new CodeScanner().feed(text).isString) return undefined;
  const [, name, , typed] = found;
  const [scheme = ""] = /^\s*serial:(?:\/\/)?/i.exec(typed) ?? [];
  if (scheme === "") {
    if (name !== "serial") return schemeCompletion(typed, cursor);
    if (/^s(e(r(i(a(l)?)?)?)?)?$/i.test(typed)) return schemeCompletion(typed, cursor);
  }
  const part = typed.slice(scheme.length);
  return list().then((ports) => ({
    candidates: names(ports, part).filter((each) => startsWith(each, part)).map((each) =>
      part + each.slice(part.length)
    ),
    start: cursor - part.length,
  }));
}

/** `connect("s` can only become this; nothing is offered where nothing was typed. */
function schemeCompletion(typed: string, cursor: number): Promise<Completion> | undefined {
  if (typed === "" || !startsWith("serial:", typed)) return undefined;
  return Promise.resolve({ candidates: ["serial:"], start: cursor - typed.length });
}

/** Everything that names a port; the texts of devices only once `id:` or `usb:` is begun, or they would be too many. */
function names(ports: readonly PortInfo[], part: string): string[] {
  if (/^id:/i.test(part)) return unique(ports.flatMap(idNames).map((name) => `id:${name}`));
  if (/^usb:/i.test(part)) return unique(ports.flatMap(usbNames));
  const newestFirst = ports.toReversed();
  const stable = /^\/dev\/s/.test(part) ? newestFirst.flatMap(({ id }) => id ?? []) : [];
  const kinds = ports.some(({ vendorId }) => vendorId !== undefined) ? ["id:", "usb:"] : [];
  const short = /^[^/]/.test(part) ? newestFirst.map(({ path }) => path.replace(/^\/dev\//, "")) : [];
  return unique([...newestFirst.map(({ path }) => path), ...short, ...stable, "auto", ...kinds]);
}

/** Serial number, maker and product: whatever stands alone for the device. */
function idNames({ serialNumber, manufacturer, product, id, vendorId }: PortInfo): string[] {
  if (vendorId === undefined) return [];
  const texts = [product, manufacturer, serialNumber, id?.replace(/^.*\/by-id\//, "")];
  // What would end the string, or begin the settings, is no good name.
  return texts.filter((text) => text !== undefined).filter((text) => !/["'`\\?]/.test(text));
}

function usbNames({ vendorId, productId, serialNumber }: PortInfo): string[] {
  if (vendorId === undefined || productId === undefined) return [];
  const ids = `usb:${vendorId}:${productId}`;
  return serialNumber === undefined || /["'`\\?]/.test(serialNumber)
    ? [ids]
    : [ids, `${ids}:${serialNumber}`];
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)];
}

/** Devices are found whatever the case, and what was typed stays as it is. */
function startsWith(name: string, part: string): boolean {
  return name.toLowerCase().startsWith(part.toLowerCase());
}
