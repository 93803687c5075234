/**
 * Telemetry: one vehicle, any number of onlookers. A slow onlooker is left out and delays nobody.
 *
 *     deno run --allow-net examples/telemetry.ts          # broadcasts on tcp://127.0.0.1:16901, ten times a second
 *
 * To look on, in another program:
 *
 *     const link = await connect("tcp://127.0.0.1:16901");
 *     for await (const sample of link) console.log(sample);
 *
 * @module
 */
import { listen } from "@parley/parley";

/** What the vehicle tells. */
export interface Sample {
  /** Counts up by one from 1: a gap shows what was missed. */
  readonly number: number;
  readonly speedKmh: number;
  readonly volts: number;
}

/** A running broadcast: dispose of it to end it. */
export interface Broadcast extends AsyncDisposable {
  /** Where to look on. */
  readonly address: string;
}

/**
 * Listens on `address` and broadcasts a sample every `intervalMs` (default 100). Whoever comes gets the latest
 * sample at once.
 */
export async function main(address = "tcp://127.0.0.1:16901", intervalMs = 100): Promise<Broadcast> {
  let latest = measure(0);
  const server = await listen(address, {
    onConnect: (peer) => peer.send(latest),
  });
  const timer = setInterval(() => {
    latest = measure(latest.number);
    server.broadcast(latest);
  }, intervalMs);
  return {
    address: server.address,
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await server.close();
    },
  };
}

function measure(last: number): Sample {
  const seconds = last / 10;
  return { number: last + 1, speedKmh: 40 + 10 * Math.sin(seconds), volts: 48 - seconds / 1000 };
}

if (import.meta.main) await main(Deno.args[0]);
