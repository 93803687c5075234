import type { Peer, StreamOptions, WaitOptions } from "../../mod.ts";

/**
 * Makes what an input waits for at a peer end with that input: code that waits for a message runs nothing that could
 * look for Ctrl-C. A stream would go on at the other side, and an `ask`, a `receive` or a loop over the peer that is
 * left to itself would take the next message away from whoever asks next.
 *
 * @param stopSignal The signal of the input that runs, if one does: asked when the wait begins.
 */
export function makeWaitsStoppable(peer: Peer, stopSignal: () => AbortSignal | undefined): void {
  const stream = peer.stream.bind(peer);
  const ask = peer.ask.bind(peer);
  const receive = peer.receive.bind(peer);
  const messages = peer[Symbol.asyncIterator].bind(peer);
  const withStop = <Options extends WaitOptions>(options: Options | undefined): Options | undefined => {
    const stop = stopSignal();
    return stop === undefined ? options : withSignal(options ?? {} as Options, stop);
  };
  const stoppable = {
    async *stream(
      name: string,
      args?: unknown,
      options?: StreamOptions,
    ): AsyncGenerator<unknown, void, void> {
      yield* stream(name, args, withStop(options));
    },
    ask: (message: unknown, options?: WaitOptions) => ask(message, withStop(options)),
    receive: (options?: WaitOptions) => receive(withStop(options)),
    [Symbol.asyncIterator]: (signal?: AbortSignal) => messages(withStop({ signal })?.signal),
  };
  for (const key of Reflect.ownKeys(stoppable)) {
    const value = Reflect.get(stoppable, key);
    Object.defineProperty(peer, key, { value, configurable: true, writable: true });
  }
}

/** Options that are wrong stay so, for the call to say what is wrong with them. */
function withSignal<Options extends WaitOptions>(options: Options, stop: AbortSignal): Options {
  if (typeof options !== "object" || options === null) return options;
  if (options.signal === undefined) return { ...options, signal: stop };
  if (!(options.signal instanceof AbortSignal)) return options;
  return { ...options, signal: AbortSignal.any([options.signal, stop]) };
}
