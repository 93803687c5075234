import type { Address } from "../transport/address.ts";
import { parseAddress } from "../transport/table.ts";
import type { TransportKind } from "../transport/transport.ts";

/**
 * What lies outside of the library: time, chance, and the ways to other ends. All of `peer/` gets them from here, so
 * that a whole network of clients and servers runs in a simulation with a clock, dice and wires of its own.
 */
export interface World {
  /** Milliseconds on a clock that never jumps. */
  now(): number;
  /** Calls `ring` once after `ms`, at most 2^31 - 1. */
  setTimer(ring: () => void, ms: number): Timer;
  /** Forgets a timer; one that has rung or is `undefined` is no matter. */
  clearTimer(timer: Timer | undefined): void;
  /** At least 0 and less than 1: chance that no secret depends on. */
  random(): number;
  /** Text that nobody can guess, of `bytes` bytes in hexadecimal. */
  token(bytes: number): string;
  /**
   * Takes an address apart; `port` is the port when it names none.
   *
   * @throws {UsageTypeError} code `usage`: it is malformed.
   */
  resolve(address: string, port?: number): { address: Address; kind: TransportKind };
}

/** What `setTimer` returns: only good for `clearTimer`. */
export type Timer = ReturnType<typeof setTimeout> | number;

/** The world as it is. */
export const REAL_WORLD: World = Object.freeze({
  now: () => performance.now(),
  setTimer: (ring: () => void, ms: number) => setTimeout(ring, ms),
  clearTimer: (timer: Timer | undefined) => clearTimeout(timer as number | undefined),
  random: () => Math.random(),
  token: (bytes: number) => {
    const random = crypto.getRandomValues(new Uint8Array(bytes));
    return Array.from(random, (byte) => byte.toString(16).padStart(2, "0")).join("");
  },
  resolve: parseAddress,
});

/** Resolves after `ms` of that world. */
export function pause(world: World, ms: number): Promise<void> {
  return new Promise((resolve) => world.setTimer(resolve, ms));
}

/** Waits for `work`, but not longer than `ms`; what it rejects with is no matter. */
export async function within(world: World, work: Promise<unknown>, ms: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = world.setTimer(resolve, ms);
  try {
    await Promise.race([work.then(noop, noop), promise]);
  } finally {
    world.clearTimer(timer);
  }
}

function noop(): void {}
