/**
 * Standard input on its way to a device.
 *
 * @module
 */
import { type Client, SerialClient, TimeoutError } from "../../../mod.ts";
import { note } from "../printer.ts";
import type { MonitorOptions } from "./monitor_options.ts";

/** Sends standard input as it comes, until it ends. */
export async function sendInput(
  client: Client,
  { enter }: MonitorOptions,
  soon: Soon,
  onSent: (bytes: Uint8Array) => void,
): Promise<void> {
  const isTyped = Deno.stdin.isTerminal();
  const buffer = new Uint8Array(INPUT_BYTES);
  for (;;) {
    const length = await Deno.stdin.read(buffer);
    if (length === null) return;
    const bytes = isTyped ? withEnter(buffer.subarray(0, length), enter) : buffer.slice(0, length);
    // However slow the line is, and however long the device holds us back: whoever waits is told, and may press Ctrl-C.
    await soon(client.send(bytes, { queue: true, timeoutMs: MAX_WAIT_MS }));
    onSent(bytes);
  }
}

/** The terminal, which is not in raw mode here, gives LF for the Enter key. */
function withEnter(bytes: Uint8Array, enter: Uint8Array): Uint8Array {
  return Uint8Array.from([...bytes].flatMap((byte) => byte === 0x0a ? [...enter] : [byte]));
}

/** Resolves when everything has left and nothing has come for `quietMs`. */
export async function untilQuiet(client: Client, quietMs: number, soon: Soon): Promise<void> {
  if (client instanceof SerialClient) {
    await soon(client.drain()).catch((error) => {
      if (error instanceof TimeoutError) throw error; // otherwise the link tells why it has ended
    });
  }
  for (let before = ""; before !== passed(client);) {
    before = passed(client);
    await new Promise((resolve) => setTimeout(resolve, quietMs));
  }
}

/** Waits for something to leave. */
export type Soon = (sent: Promise<void>) => Promise<void>;

/** Waits for what should not take long, and says so, once, when it does. */
export function patience(client: Client, options: MonitorOptions): Soon {
  let isTold = false;
  return async (sent) => {
    const timer = setTimeout(() => {
      if (isTold) return;
      isTold = true;
      const why = "is the line slow, or does the device hold us back?";
      note(`${client.address} has not taken all of the input yet: ${why}`, options);
    }, HELD_MS);
    try {
      await sent;
    } finally {
      clearTimeout(timer);
    }
  };
}

function passed(client: Client): string {
  const { bytesIn, bytesOut } = client.counts;
  return `${bytesIn} ${bytesOut}`;
}

/** Read at once: small enough that what is typed ahead does not pile up here. */
export const INPUT_BYTES = 16 * 1024;

/** When to say that the input is not taken, in milliseconds: nobody should have to wonder for much longer. */
const HELD_MS = 10_000;

/** The longest wait there is, in milliseconds: 24 days. */
const MAX_WAIT_MS = 2_147_483_647;
