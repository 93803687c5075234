/**
 * The part of npm's client of NATS that the bench uses, loaded as `ws.ts` loads its package.
 *
 * @module
 */

/** A connection to the broker. */
export interface NatsConnection {
  publish(subject: string, payload?: Uint8Array): void;
  request(subject: string, payload: Uint8Array): Promise<{ readonly data: Uint8Array }>;
  subscribe(
    subject: string,
    options: { callback: (error: Error | null, message: NatsMessage) => void },
  ): void;
  /** Resolves when the broker has seen all that was published and subscribed. */
  flush(): Promise<void>;
}

/** What a subscriber gets. */
export interface NatsMessage {
  readonly data: Uint8Array;
  respond(payload: Uint8Array): boolean;
}

interface NatsModule {
  connect(options: { servers: string }): Promise<NatsConnection>;
}

/** What children need in front of their script to load it. */
export const NATS_FLAGS: readonly string[] = ["--no-lock"];
const PACKAGE = "npm:@nats-io/transport-node@3.4.0";

/** Connects to what `startNatsServer` gave. */
export async function natsConnect(address: string): Promise<NatsConnection> {
  const { connect }: NatsModule = await import(PACKAGE);
  return await connect({ servers: address });
}
