import type { Peer, StreamOptions } from "../../mod.ts";

/**
 * Makes the streams of a peer end with the input that reads them: a loop that waits for a part runs no code that could
 * look for Ctrl-C, and the other side would go on.
 *
 * @param stopSignal The signal of the input that runs, if one does: asked when the first part is wanted.
 */
export function makeStreamsStoppable(peer: Peer, stopSignal: () => AbortSignal | undefined): void {
  const stream = peer.stream.bind(peer);
  async function* stoppable(
    name: string,
    args?: unknown,
    options: StreamOptions = {},
  ): AsyncGenerator<unknown, void, void> {
    const stop = stopSignal();
    yield* stream(name, args, stop === undefined ? options : withSignal(options, stop));
  }
  Object.defineProperty(peer, "stream", { value: stoppable, configurable: true, writable: true });
}

/** Options that are wrong stay so, for the stream to say what is wrong with them. */
function withSignal(options: StreamOptions, stop: AbortSignal): StreamOptions {
  if (typeof options !== "object" || options === null) return options;
  if (options.signal === undefined) return { ...options, signal: stop };
  if (!(options.signal instanceof AbortSignal)) return options;
  return { ...options, signal: AbortSignal.any([options.signal, stop]) };
}
