import type { Peer, WaitOptions } from "../../mod.ts";

/** Who wants to know how the messages of a peer are taken. */
export interface WaitWatcher {
  /** An `ask` takes the next message, unless its promise settles first. */
  onAsk(answer: Promise<unknown>): void;
  /** A `receive` or a loop takes messages. */
  onPull(): void;
}

/** Tells how the messages of a peer are taken; what takes them works as before. */
export function watchWaits(peer: Peer, watcher: WaitWatcher): void {
  const ask = peer.ask.bind(peer);
  const receive = peer.receive.bind(peer);
  const messages = peer[Symbol.asyncIterator].bind(peer);
  const watched = {
    ask(message: unknown, options?: WaitOptions) {
      const answer = ask(message, options);
      watcher.onAsk(answer);
      return answer;
    },
    receive(options?: WaitOptions) {
      watcher.onPull();
      return receive(options);
    },
    [Symbol.asyncIterator](signal?: AbortSignal) {
      watcher.onPull();
      return messages(signal);
    },
  };
  for (const key of Reflect.ownKeys(watched)) {
    const value = Reflect.get(watched, key);
    Object.defineProperty(peer, key, { value, configurable: true, writable: true });
  }
}
