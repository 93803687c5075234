import type { Callbacks, CloseReason, Connection, LinkEvent } from "@parley/parley";

/**
 * What an endpoint tells of its links, callbacks and events in one row as short lines, such as `up resumed`,
 * `connect first`, `down eof retry`, `disconnect closed`, `retry 2 handshake`, `reset request "add"`, `fail too_large`.
 */
export class LinkLog {
  readonly lines: string[] = [];
  readonly events: LinkEvent[] = [];
  readonly errors: Error[] = [];
  #taken = 0;
  #wake: (() => void) | undefined;

  /** For `connect` and `listen`. */
  // deno-lint-ignore no-explicit-any -- for clients and servers alike
  readonly callbacks: Callbacks<any> = {
    onConnect: (_peer, connection) => this.#add(`connect ${howUp(connection)}`),
    onDisconnect: (_peer, reason) => this.#add(`disconnect ${howDown(reason)}`),
    onFail: (error) => {
      this.errors.push(error);
      this.#add(`fail ${(error as { code?: string }).code ?? error.message}`);
    },
    onEvent: (event) => {
      this.events.push(event);
      this.#add(lineOf(event));
    },
  };

  /**
   * Resolves when a line that begins like this has come, after the one that was waited for before. Rejects when none
   * comes for so long that the test has failed, so that what came instead is seen.
   */
  async until(beginning: string): Promise<void> {
    const given = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      given.reject(new Error(`No "${beginning}" came, but ${JSON.stringify(this.lines)}`));
    }, HOPELESS_MS);
    try {
      for (;;) {
        while (this.#taken < this.lines.length) {
          if (this.lines[this.#taken++].startsWith(beginning)) return;
        }
        await Promise.race([given.promise, new Promise<void>((resolve) => this.#wake = resolve)]);
      }
    } finally {
      clearTimeout(timer);
    }
  }

  /** The lines since the last call of this. */
  take(): string[] {
    this.#taken = 0;
    return this.lines.splice(0);
  }

  #add(line: string): void {
    this.lines.push(line);
    this.#wake?.();
  }
}

/** After so long nothing comes any more, in milliseconds. */
const HOPELESS_MS = 20_000;

function lineOf(event: LinkEvent): string {
  switch (event.kind) {
    case "up":
      return `up ${howUp(event)}`;
    case "down":
      return `down ${howDown(event.reason)}${event.willRetry === event.reason.willRetry ? "" : " (differs)"}`;
    case "retry": {
      const { code } = (event.error ?? {}) as { code?: string };
      return `retry ${event.attempt}${code === undefined ? "" : ` ${code}`}`;
    }
    case "resumed":
      return `resumed ${event.replayed}`;
    case "reset":
      return `reset ${event.unknown.join(", ")}`.trimEnd();
    case "drop":
      return `drop ${event.count}`;
    case "stale":
      return "stale";
    case "file":
      return `file ${event.how} ${event.name}`;
  }
}

function howUp({ first, resumed }: Connection): string {
  return first ? "first" : resumed ? "resumed" : "anew";
}

function howDown({ code, willRetry }: CloseReason): string {
  return `${code}${willRetry ? " retry" : ""}`;
}
