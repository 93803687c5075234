/**
 * Publish and subscribe over the broker. The subscriber gives the publisher credit: without it the broker would cut
 * off a subscriber that falls 64 MiB behind.
 *
 * @module
 */
import { Meter } from "../meter.ts";
import type { Measured, Work } from "../row.ts";
import { natsConnect } from "./nats.ts";
import { startNatsServer } from "./nats_server.ts";

export async function serve(work: Work): Promise<{ address: string; measured: Promise<Measured> }> {
  const meter = new Meter(work);
  const address = await startNatsServer();
  const connection = await natsConnect(address);
  const perCredit = messagesPerCredit(work);
  connection.subscribe("messages", {
    callback: () => {
      meter.start();
      if (++meter.count % perCredit === 0) connection.publish("credit");
    },
  });
  await connection.flush();
  return { address, measured: meter.measured };
}

export async function drive(address: string, work: Work): Promise<undefined> {
  const connection = await natsConnect(address);
  const message = new Uint8Array(work.messageBytes).fill(7);
  const perCredit = messagesPerCredit(work);
  let credits = CREDITS;
  let credited = Promise.withResolvers<void>();
  connection.subscribe("credit", {
    callback: () => {
      credits++;
      credited.resolve();
    },
  });
  await connection.flush();
  for (;;) {
    for (let i = 0; i < perCredit; i++) connection.publish("messages", message);
    while (--credits < 0) {
      credited = Promise.withResolvers();
      credits++;
      await credited.promise;
    }
  }
}

/** Credits that may be out. */
const CREDITS = 16;
const CREDIT_BYTES = 64 * 1024;

function messagesPerCredit(work: Work): number {
  return Math.max(1, Math.floor(CREDIT_BYTES / work.messageBytes));
}
