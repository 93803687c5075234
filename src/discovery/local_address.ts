/**
 * The address of this computer in its network, for those who are to connect to it: the first IPv4 address that is not
 * this computer's own loopback and was not made up for want of a better one (169.254.0.0/16). `"localhost"` when there is
 * no network, as the original's `get_ip_address` says. Where a computer is in several networks, look at
 * `Deno.networkInterfaces()` and choose. No packet is sent.
 *
 * Needs `--allow-sys=networkInterfaces`.
 *
 * @example
 * ```ts
 * import { localAddress } from "@parley/parley";
 * import assert from "node:assert/strict";
 *
 * assert.match(localAddress(), /^(\d+\.\d+\.\d+\.\d+|localhost)$/);
 * ```
 */
export function localAddress(): string {
  return firstOf(Deno.networkInterfaces());
}

/** What of an address matters here. */
export interface InterfaceAddress {
  readonly address: string;
  readonly family: string;
}

/** The first address that others can use. */
export function firstOf(addresses: readonly InterfaceAddress[]): string {
  const usable = addresses.find(({ address, family }) =>
    family === "IPv4" && !address.startsWith("127.") && !address.startsWith("169.254.")
  );
  return usable?.address ?? "localhost";
}
