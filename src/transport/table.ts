import { type Address, parseAddressOf } from "./address.ts";
import { memory } from "./memory.ts";
import { tcp } from "./tcp.ts";
import { serial } from "./serial/serial.ts";
import type { TransportKind } from "./transport.ts";
import { unix } from "./unix.ts";

/** All kinds of transports by the scheme of their addresses. To add one: write its file, and add its line here. */
export const transports: Readonly<Record<string, TransportKind>> = Object.freeze({
  tcp,
  unix,
  serial,
  memory,
});

/**
 * Takes an address apart and finds the kind of transport that it asks for.
 *
 * @param port The port when the address names none; without one that is an error.
 * @throws {UsageTypeError} code `usage`: the address is malformed; the message says what is wrong with it.
 */
export function parseAddress(text: string, port?: number): { address: Address; kind: TransportKind } {
  const address = parseAddressOf(transports, text, port);
  return { address, kind: transports[address.scheme] };
}

/** True for the address of a serial port, right or wrong. */
export function isSerial(address: unknown): boolean {
  return typeof address === "string" && /^\s*serial:/i.test(address);
}
