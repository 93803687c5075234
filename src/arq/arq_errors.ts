import { BrokenError, ProtocolError } from "../errors.ts";
import { WIRE_VERSION } from "./packet.ts";

/** The other side acknowledges what was never sent. */
export function badAck(address: string, ack: number, last: number): ProtocolError {
  return new ProtocolError(
    "bad_ack",
    `Link ${address} is broken: byte ${ack} (modulo 65,536) or packet ${last} (modulo 256) was acknowledged, and was ` +
      "never sent; the other side does not keep to the serial wire",
  );
}

/** Nothing came of what was sent, again and again. */
export function silent(address: string, what: string, waitedMs: number, retries: number): BrokenError {
  const ms = Math.round(waitedMs).toLocaleString("en");
  return new BrokenError(
    "silent",
    `Link ${address} is silent: ${what} not acknowledged for ${ms} ms, sent ${retries} times again; is the cable in, ` +
      "and does the other side still run?",
  );
}

/** The other side knows nothing of this connection. */
export function lost(address: string, hasGivenUp: boolean): BrokenError {
  const why = hasGivenUp
    ? "the other side has given it up"
    : "the other side does not know it any more; it has probably restarted";
  return new BrokenError("reset", `Link ${address} is lost: ${why}`);
}

/** The other side has opened another connection. */
export function replaced(address: string): BrokenError {
  const why = "the other side has restarted, and connects anew";
  return new BrokenError("reset", `Link ${address} is lost: ${why}`);
}

/** The other side speaks another version. */
export function otherVersion(address: string, version: number): ProtocolError {
  return new ProtocolError(
    "version",
    `Cannot talk to ${address}: it speaks version ${version} of the serial wire, this side version ${WIRE_VERSION}; ` +
      "update the older one",
  );
}

/** Both ends connect, and none listens. */
export function twoClients(address: string): ProtocolError {
  return new ProtocolError(
    "two_clients",
    `Cannot connect to ${address}: the other side connects as well; one of the two has to listen, as in ` +
      `listen("${address}"); a device that sends back what it gets looks the same, and wants the dialect "lines" or "raw"`,
  );
}

/** Whatever comes is no packet. */
export function onlyGarbage(address: string, bytes: number, advice: string): ProtocolError {
  const count = bytes.toLocaleString("en");
  return new ProtocolError(
    "garbage",
    `${count} bytes came from ${address} and not one packet in them: ${advice}`,
  );
}
