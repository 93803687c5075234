/**
 * The pace of a broadcast. Without one the publisher fills the buffers of a thousand sockets until the kernel has no
 * memory for them, and what is measured then is the kernel's way out of that.
 *
 * @module
 */
import { rawConnect, rawListen } from "./raw_listen.ts";

/** Messages that are published in one go, for one credit. */
export const BURST = 64;
/** Bursts that may be under way: what the clients have not counted yet. */
const CREDITS = 4;

/**
 * Publishes in bursts once `count` clients have `arrived`, a burst for each byte that comes to `address`.
 *
 * @param publish Sends one message to all.
 */
export function publisher(count: number, publish: () => void): { address: string; arrived: () => void } {
  let missing = count;
  const burst = (bursts: number): void => {
    for (let i = 0; i < bursts * BURST; i++) publish();
  };
  const arrived = (): void => {
    if (--missing === 0) burst(CREDITS);
  };
  const { address } = rawListen(async (control) => {
    const buffer = new Uint8Array(CREDITS);
    for (let got = await control.read(buffer); got !== null; got = await control.read(buffer)) burst(got);
  });
  return { address, arrived };
}

/** Returns what the clients call with each number of messages they have got, all together. */
export async function crediting(address: string, clients: number): Promise<(messages: number) => void> {
  const control = await rawConnect(address);
  let uncredited = 0;
  return (messages) => {
    uncredited += messages;
    const credits = Math.floor(uncredited / (BURST * clients));
    if (credits === 0) return;
    uncredited -= credits * BURST * clients;
    control.write(new Uint8Array(credits));
  };
}

/** The address of the server and that of its publisher, in one text. */
export function joinAddresses(server: string, control: string): string {
  return `${server} ${control}`;
}

export function splitAddresses(joined: string): [server: string, control: string] {
  const [server, control] = joined.split(" ");
  return [server, control];
}
