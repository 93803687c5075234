/** What lies between a client and its server, and can be broken: a proxy, or a cable. */
export interface Way extends AsyncDisposable {
  /** Where the client connects to. */
  readonly address: string;
  /**
   * Does that to it. Resolves when it has happened with the time in milliseconds since 1970 from which the client could
   * be back, or with `undefined` when there was nothing it could be done to.
   */
  inject(fault: string): Promise<number | undefined>;
  /** A process that used it was killed. */
  unlock?(): void;
}

/** What a process of a run is told when it starts, besides its own part. */
export interface Terms {
  /** The limits of its links; what is left out is as usual. */
  readonly limits?: {
    readonly heartbeatMs: number;
    readonly silenceMs: number;
    readonly handshakeMs: number;
  };
  /** The deadline of what should never miss one, in milliseconds. */
  readonly longMs: number;
  /** The folder where the serial ports are written down that there are. */
  readonly ports?: string;
}
